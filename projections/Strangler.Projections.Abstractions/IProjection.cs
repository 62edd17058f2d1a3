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
    /// Says which rows belong to a key. The same paths gather the rows of a key and find the keys of a changed row.
    /// </summary>
    static abstract void Declare(ISources<TKey> from);

    /// <summary>
    /// The document of a key: a function of its rows and the time alone. Called with rows sorted by primary key.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">
    /// All rows that the declared paths reach from it. Never called for a key that no row of a <c>Key</c> table names:
    /// such a key is absent.
    /// </param>
    /// <param name="now">
    /// The time for which the answer holds; the answer may change by itself only at
    /// <see cref="Projected{TDocument}.RecomputeAt"/>.
    /// </param>
    static abstract Projected<TDocument> Project(TKey key, Rows rows, DateTimeOffset now);

    /// <summary>
    /// The HTTP answer made of documents. Without it, the document's bytes are the answer to a request for one key, and
    /// an absent one is 404.
    /// </summary>
    static virtual Answer Respond(AnswerRequest request, Documents<TKey, TDocument> documents) => Answer.Of(documents);

    /// <summary>How documents are written; their bytes are what is sent.</summary>
    static virtual JsonSerializerOptions Json => JsonSerializerOptions.Web;
}
