using System.Text.Json;

namespace Strangler.Projections;

/// <summary>
/// Keeps one answer ready for each key. A team implements it in its own assembly; all members are static and pure: no
/// I/O, no clock, no randomness, no state.
/// </summary>
/// <typeparam name="TKey">
/// The key; <c>Parse</c> and <c>ToString</c> roundtrip, and equal keys have equal texts.
/// </typeparam>
/// <typeparam name="TDocument">The document, written as JSON.</typeparam>
public interface IProjection<TKey, TDocument>
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    /// <summary>
    /// Declares which rows belong to a key. The same paths gather the rows of a key and find the keys of a changed row.
    /// </summary>
    static abstract void Declare(ISources<TKey> from);

    /// <summary>
    /// Computes the document of a key from its rows and the time alone. Called with rows sorted by primary key.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">
    /// All rows that the declared paths reach from the key. A key that no row of a <c>Key</c> table names is absent,
    /// and the method isn't called for it.
    /// </param>
    /// <param name="now">
    /// The time for which the answer holds; the answer may change by itself only at
    /// <see cref="Projected{TDocument}.RecomputeAt"/>.
    /// </param>
    static abstract Projected<TDocument> Project(TKey key, Rows rows, DateTimeOffset now);

    /// <summary>
    /// Makes the HTTP answer from documents. Without it, the document's bytes are the answer to a request for one key,
    /// and an absent document is a 404.
    /// </summary>
    static virtual Answer Respond(AnswerRequest request, Documents<TKey, TDocument> documents) => Answer.Of(documents);

    /// <summary>How documents are written as JSON; these bytes are sent.</summary>
    static virtual JsonSerializerOptions Json => JsonSerializerOptions.Web;
}
