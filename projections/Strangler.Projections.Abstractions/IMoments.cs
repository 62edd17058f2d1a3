using System.Text.Json.Serialization;

namespace Strangler.Projections;

/// <summary>
/// What a gateway asks projections in order to compare: f at the moments of a bracket. f itself runs only where
/// projections run.
/// </summary>
public interface IMoments
{
    /// <summary>
    /// Waits until the watermark has passed the bracket, then returns f's result for each key at each of its moments.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections don't answer.</exception>
    ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken);

    /// <summary>
    /// The rows of a key at one moment, f's result for them, and its result without each of the newest row changes, one
    /// at a time.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections don't answer.</exception>
    ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken);
}

/// <summary>The projections don't answer, so the comparison has no result.</summary>
public sealed class MomentsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>One look at the source's primary.</summary>
/// <param name="Floor">
/// Its insert LSN, read before the snapshot: a transaction that the snapshot doesn't see, and that had no xid at that
/// time, commits after it. Text: <c>16/B374D848</c>.
/// </param>
/// <param name="Snapshot">Its <c>pg_current_snapshot()</c>: <c>xmin:xmax:xip,…</c>, xids of 64 bits.</param>
/// <param name="End">
/// Its insert LSN, read after the snapshot: everything that was visible to anyone by then committed before it.
/// </param>
public sealed record SourceSight(string Floor, string Snapshot, string End);

/// <summary>Asks from which documents a legacy answer could have been made.</summary>
/// <param name="Projection">The projection and the version that is compared.</param>
/// <param name="Keys">Keys in canonical text, distinct.</param>
/// <param name="Before">
/// The last look received before the call (further back by legacy's staleness). L0 is the first commit that its
/// snapshot doesn't see.
/// </param>
/// <param name="After">L1: the insert LSN of the first look sent after the answer's last byte.</param>
/// <param name="ClockFrom">The earliest clock that legacy could have used.</param>
/// <param name="ClockTo">The latest clock that legacy could have used.</param>
/// <param name="Wait">How long to wait for the watermark.</param>
/// <param name="Mixes">
/// Whether to also run f on mixes of the row versions in the bracket, for keys that aren't quiet.
/// </param>
/// <param name="Diagnose">
/// Whether to also run f on the mirror for quiet keys, to tell a fault of the engine from a fault of f.
/// </param>
public sealed record BracketQuestion(
    ProjectionId Projection,
    IReadOnlyList<string> Keys,
    SourceSight Before,
    string After,
    DateTimeOffset ClockFrom,
    DateTimeOffset ClockTo,
    TimeSpan Wait,
    bool Mixes = false,
    bool Diagnose = false
)
{
    /// <summary>
    /// The budget from which memory is reserved while the answer is read, and to which it is returned afterwards; null
    /// if unlimited. It isn't sent with the question.
    /// </summary>
    [JsonIgnore]
    public IByteBudget? Budget { get; init; }
}

/// <summary>What was found of a bracket.</summary>
public abstract record BracketFound
{
    private BracketFound() { }

    /// <summary>The bracket has no result, for this reason.</summary>
    public sealed record Undetermined(UndeterminedReason Reason, string Detail) : BracketFound;

    /// <summary>The moments of each key.</summary>
    /// <param name="From">L0 as a position's text: the state of all commits before it is the first moment.</param>
    /// <param name="To">L1 as a position's text.</param>
    /// <param name="PassedAt">
    /// When the projections' watermark passed L1, by the projections' clock. From then on, a lookup would have had the
    /// answer.
    /// </param>
    /// <param name="Keys">The keys, in the question's order.</param>
    public sealed record Evaluated(string From, string To, DateTimeOffset PassedAt, IReadOnlyList<KeyMoments> Keys)
        : BracketFound;
}

/// <summary>Why a bracket has no result.</summary>
public enum UndeterminedReason
{
    /// <summary>The watermark didn't pass the bracket in time.</summary>
    WatermarkLate,

    /// <summary>The bracket begins before the oldest history that is kept.</summary>
    BeforeHistory,

    /// <summary>
    /// The catalogue of a table that the projection reads changed within the bracket or after it, or hasn't been looked
    /// at since.
    /// </summary>
    CatalogueMoved,

    /// <summary>The projection isn't built in that version, or has stopped.</summary>
    NotServed,

    /// <summary>The source's epoch changed in between: commits may have been undone.</summary>
    EpochChanged,

    /// <summary>The bracket has more than 64 moments, or more rows than are held at once.</summary>
    TooManyMoments,
}

/// <summary>A key's moments in a bracket.</summary>
/// <param name="Key">In canonical text.</param>
/// <param name="Quiet">
/// Whether there is only one moment: nothing that the key reads changed in the bracket. <see cref="Moments"/> then
/// begins with the stored document, if one exists that would be served.
/// </param>
/// <param name="Touched">
/// The last commit before the bracket's end that mapped to the key, as a position's text: together with the key it
/// identifies one version of what is compared. Null if none ever did.
/// </param>
/// <param name="Moments">By position, then by clock; at most 64. A moment holds until the next.</param>
/// <param name="Mixes">f's results for mixes of row versions, at most 64; empty unless requested.</param>
/// <param name="Engine">
/// f's result for the mirror now, if the stored document differs from it, which is a fault of the engine. Null unless
/// requested, or if the key isn't quiet.
/// </param>
/// <param name="Commits">How many commits in the bracket changed a row version that the key reaches.</param>
public sealed record KeyMoments(
    string Key,
    bool Quiet,
    string? Touched,
    IReadOnlyList<KeyMoment> Moments,
    IReadOnlyList<Made> Mixes,
    Made? Engine,
    int Commits
);

/// <summary>f's result for a key at one past state of the source and one clock.</summary>
/// <param name="Position">
/// The end of the transaction after which the source had this state, as a position's text.
/// </param>
/// <param name="Clock">The clock from which the result holds.</param>
public sealed record KeyMoment(string Position, DateTimeOffset Clock, Made Made);

/// <summary>f's result.</summary>
public abstract record Made
{
    private Made() { }

    public sealed record Document(ReadOnlyMemory<byte> Bytes) : Made;

    public sealed record Absent : Made
    {
        public static readonly Absent Value = new();
    }

    /// <summary>f threw or overran its limit.</summary>
    public sealed record Threw(string Error) : Made;
}

/// <summary>Asks why a key has its document.</summary>
/// <param name="Projection">The projection and its version.</param>
/// <param name="Key">In canonical text.</param>
/// <param name="Position">The end of a transaction that is applied and within the kept history.</param>
/// <param name="Clock">f's clock.</param>
/// <param name="MaxChanges">The maximum number of row changes to undo, newest first.</param>
public sealed record ExplainQuestion(
    ProjectionId Projection,
    string Key,
    string Position,
    DateTimeOffset Clock,
    int MaxChanges = 100
);

/// <summary>The explanation of a document.</summary>
public abstract record Explained
{
    private Explained() { }

    /// <summary>The state can't be read, for this reason.</summary>
    public sealed record Refused(string Problem, string WayOut) : Explained;

    /// <param name="Made">f's result for the rows.</param>
    /// <param name="Rows">All rows that the key reaches, by table and primary key.</param>
    /// <param name="Changes">
    /// For each row its last change at or before the position, newest first, and f's result without it.
    /// </param>
    public sealed record Known(Made Made, IReadOnlyList<ExplainedRow> Rows, IReadOnlyList<ExplainedChange> Changes)
        : Explained;
}

/// <summary>A row that a key reaches.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Row">JSON text of the declared columns.</param>
/// <param name="Since">The position from which this version holds.</param>
public sealed record ExplainedRow(string Table, string PrimaryKey, string Row, string Since);

/// <summary>The last change of a row.</summary>
/// <param name="Before">JSON text of the version before; null if none existed or it is no longer kept.</param>
/// <param name="After">JSON text of the version since; null if the row was deleted.</param>
/// <param name="At">The position of the change.</param>
/// <param name="CommittedAt">The source's clock at its commit, if known.</param>
/// <param name="Without">f's result with this row at its version before, and all others as they are.</param>
public sealed record ExplainedChange(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    string At,
    DateTimeOffset? CommittedAt,
    Made Without
);
