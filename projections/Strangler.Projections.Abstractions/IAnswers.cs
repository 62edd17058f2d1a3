using System.Globalization;

namespace Strangler.Projections;

/// <summary>
/// What a gateway reads from projections: documents by key, and how far they are. It doesn't say how a document was
/// made.
/// </summary>
public interface IAnswers
{
    /// <summary>Looks up documents, all at one instant of the store, in one query.</summary>
    /// <param name="projection">The projection and the version whose documents may be served.</param>
    /// <param name="keys">Keys in their canonical text, distinct.</param>
    /// <returns>A finding for each key, in the keys' order, and the watermark at that instant.</returns>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<Lookup> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    );

    /// <summary>How far the documents of a projection are; null if it has never been built.</summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken);

    /// <summary>
    /// How many keys have a document; null if the projection isn't built in that version. It counts all of them: use it
    /// for reports, not for requests.
    /// </summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<long?> KeysAsync(ProjectionId projection, CancellationToken cancellationToken);

    /// <summary>
    /// What a person should know about a projection's build; null if it has never been built. No decision depends on
    /// it: each look-up reads the state itself.
    /// </summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<BuildState?> BuildAsync(string projection, CancellationToken cancellationToken);
}

/// <summary>A projection in one version.</summary>
/// <param name="Name">The class's name: <c>ItemAvailability</c>.</param>
/// <param name="Version">The hash of the code of its assemblies, in hexadecimal.</param>
public readonly record struct ProjectionId(string Name, string Version);

/// <summary>What a look-up found.</summary>
/// <param name="Found">A finding for each asked key, in that order.</param>
/// <param name="Watermark">Null if nothing has been applied yet; every finding is then a miss.</param>
public sealed record Lookup(IReadOnlyList<Found> Found, Watermark? Watermark)
{
    /// <summary>The projections' clock at that instant, by which documents become due; null if unknown.</summary>
    public DateTimeOffset? Clock { get; init; }
}

/// <summary>How far a projection has applied its source.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Position">The position, as text: <c>1:16/B374D848:end</c>.</param>
/// <param name="At">
/// The source's clock at that position: everything that it committed before is in the documents.
/// </param>
public sealed record Watermark(string Source, string Position, DateTimeOffset At)
{
    /// <summary>
    /// The comparison with the source after which documents at the position may be served; null if unknown.
    /// </summary>
    public SourceVerification? Verification { get; init; }
}

/// <summary>A comparison after which the change log was found to have its source's history.</summary>
/// <param name="Number">The comparison's number, which rises with each comparison.</param>
/// <param name="Server">
/// The run of the source's server that was compared: when it started. A server that started at another time may have
/// been put back to an older state.
/// </param>
public sealed record SourceVerification(long Number, string Server)
{
    /// <summary>Reads <c>number/server</c>.</summary>
    /// <exception cref="FormatException">The text doesn't have that form.</exception>
    public static SourceVerification Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw new FormatException($"'{text}' is not of the form number/server.");
        return new(long.Parse(text.AsSpan(0, slash), CultureInfo.InvariantCulture), text[(slash + 1)..]);
    }
}

/// <summary>What a look-up found for one key.</summary>
public abstract record Found
{
    private Found() { }

    /// <summary>A document, current at the watermark.</summary>
    /// <param name="Bytes">As they are sent.</param>
    /// <param name="Touched">The last commit that mapped to the key, as a position's text.</param>
    /// <param name="RecomputeAt">The time from which it is a miss, by the projections' clock.</param>
    public sealed record Document(ReadOnlyMemory<byte> Bytes, string Touched, DateTimeOffset? RecomputeAt) : Found;

    /// <summary>The key has no document, and that is the answer: legacy's 404.</summary>
    public sealed record Absent : Found
    {
        public static readonly Absent Value = new();
    }

    /// <summary>The key can't be answered from here: the call graph must be asked.</summary>
    public sealed record Miss(MissReason Reason) : Found;
}

/// <summary>Why a look-up may not answer.</summary>
public enum MissReason
{
    /// <summary>Nothing has been built for the projection yet.</summary>
    NotBuilt,

    /// <summary>The stored documents were made by another version.</summary>
    OtherVersion,

    /// <summary>Known to be stale, and waiting to be computed again; or a table that it reads is in doubt.</summary>
    Dirty,

    /// <summary>f threw, or overran its limit, for this key.</summary>
    Quarantined,

    /// <summary>Past its RecomputeAt by the projections' clock.</summary>
    Due,

    /// <summary>
    /// The projection has stopped: its row types no longer fit the source's tables, or too many keys are quarantined.
    /// </summary>
    Stopped,
}

/// <summary>The store that holds the documents doesn't answer; the call graph must.</summary>
public sealed class AnswersUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
