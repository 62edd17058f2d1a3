using System.Text.Json.Serialization;
using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>
/// What a gateway asks of projections in order to compare: f at the moments of a bracket. f itself runs only where
/// projections run.
/// </summary>
public interface IMoments
{
    /// <summary>
    /// Waits until the watermark has passed the bracket, then says what f makes of each key at each of its moments.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections do not answer.</exception>
    ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken);

    /// <summary>
    /// The rows of a key at one moment, what f makes of them, and what it would make if the newest changes of rows had
    /// not happened, one at a time.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections do not answer.</exception>
    ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken);
}

/// <summary>The projections do not answer; nothing can be said about the comparison.</summary>
public sealed class MomentsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>One look at the source's primary.</summary>
/// <param name="Floor">
/// Its insert LSN, read before the snapshot: a transaction that the snapshot does not see, and that had no xid yet
/// then, commits behind it.
/// </param>
/// <param name="Snapshot">Its <c>pg_current_snapshot()</c>: <c>xmin:xmax:xip,…</c>, xids of 64 bits.</param>
/// <param name="End">
/// Its insert LSN, read after the snapshot: everything that anybody could see by then committed before it.
/// </param>
public sealed record SourceSight(Lsn Floor, string Snapshot, Lsn End);

/// <summary>Which documents could a legacy answer have been made of?</summary>
/// <param name="Projection">The projection and the version that is compared.</param>
/// <param name="Keys">Keys in canonical text, distinct.</param>
/// <param name="Before">
/// The last look received before the call (further back by legacy's staleness). L0 is the least commit that its
/// snapshot does not see.
/// </param>
/// <param name="After">L1: the insert LSN of the first look sent after the answer's last byte.</param>
/// <param name="ClockFrom">The earliest clock that legacy could have used.</param>
/// <param name="ClockTo">The latest.</param>
/// <param name="Wait">How long to wait for the watermark.</param>
/// <param name="Mixes">Also make f over mixes of the row versions in the bracket, for keys that are not quiet.</param>
/// <param name="Diagnose">
/// Also make f on the mirror for keys that are quiet, to tell a fault of the engine from one of f.
/// </param>
public sealed record BracketQuestion(
    ProjectionId Projection,
    IReadOnlyList<string> Keys,
    SourceSight Before,
    Lsn After,
    DateTimeOffset ClockFrom,
    DateTimeOffset ClockTo,
    TimeSpan Wait,
    bool Mixes = false,
    bool Diagnose = false
)
{
    /// <summary>
    /// From which room is taken for the answer while it is read, and given back when it has been; null: there is no
    /// bound. It stays with who asks.
    /// </summary>
    [JsonIgnore]
    public IByteBudget? Budget { get; init; }
}

/// <summary>What was found of a bracket.</summary>
public abstract record BracketFound
{
    private BracketFound() { }

    /// <summary>Nothing may be said, and why.</summary>
    public sealed record Undetermined(UndeterminedReason Reason, string Detail) : BracketFound;

    /// <summary>The moments of each key.</summary>
    /// <param name="From">L0: the state of all commits before it is the first moment.</param>
    /// <param name="To">L1.</param>
    /// <param name="PassedAt">
    /// When the projections' watermark passed L1, by the projections' clock. A lookup would have had the answer from
    /// then on.
    /// </param>
    /// <param name="Keys">In the question's order.</param>
    public sealed record Evaluated(Position From, Position To, DateTimeOffset PassedAt, IReadOnlyList<KeyMoments> Keys)
        : BracketFound;
}

/// <summary>Why a bracket says nothing.</summary>
public enum UndeterminedReason
{
    /// <summary>The watermark did not pass the bracket in time.</summary>
    WatermarkLate,

    /// <summary>The bracket begins before the oldest kept history.</summary>
    BeforeHistory,

    /// <summary>
    /// The catalogue of a table that the projection reads moved within the bracket or after it, or has not been looked
    /// at since.
    /// </summary>
    CatalogueMoved,

    /// <summary>The projection is not built in that version, or stopped.</summary>
    NotServed,

    /// <summary>The source's epoch changed in between: commits may have been taken back.</summary>
    EpochChanged,

    /// <summary>More than 64 moments, or more rows than are held at once.</summary>
    TooManyMoments,
}

/// <summary>A key's moments in a bracket.</summary>
/// <param name="Key">In canonical text.</param>
/// <param name="Quiet">
/// One moment only: nothing that the key reads changed in the bracket. <see cref="Moments"/> then begins with the
/// stored document, where there is one that would be served.
/// </param>
/// <param name="Touched">
/// The last commit before the bracket's end that mapped to the key: with the key it names one version of what is
/// compared. Null: none ever did.
/// </param>
/// <param name="Moments">By position, then by clock; at most 64. A moment holds until the next.</param>
/// <param name="Mixes">f over mixes of row versions, at most 64; empty unless asked for.</param>
/// <param name="Engine">
/// Unless asked for, or the key is not quiet, null: what f makes of the mirror now, where the stored document is
/// something else. That is a fault of the engine.
/// </param>
/// <param name="Commits">Commits in the bracket that changed a row version which the key reaches.</param>
public sealed record KeyMoments(
    string Key,
    bool Quiet,
    Position? Touched,
    IReadOnlyList<KeyMoment> Moments,
    IReadOnlyList<Made> Mixes,
    Made? Engine,
    int Commits
);

/// <summary>What f makes of a key at one past state of the source and one clock.</summary>
/// <param name="Position">The end of the transaction whose state it is.</param>
/// <param name="Clock">From this clock on.</param>
public sealed record KeyMoment(Position Position, DateTimeOffset Clock, Made Made);

/// <summary>What f made.</summary>
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

/// <summary>Why does a key have the document that it has?</summary>
/// <param name="Projection">The projection and its version.</param>
/// <param name="Key">In canonical text.</param>
/// <param name="Position">The end of a transaction, applied and within the kept history.</param>
/// <param name="Clock">f's clock.</param>
/// <param name="MaxChanges">The most row changes to take back, newest first.</param>
public sealed record ExplainQuestion(
    ProjectionId Projection,
    string Key,
    Position Position,
    DateTimeOffset Clock,
    int MaxChanges = 100
);

/// <summary>The answer to why.</summary>
public abstract record Explained
{
    private Explained() { }

    /// <summary>The state can no longer be read, and why.</summary>
    public sealed record Refused(string Problem, string WayOut) : Explained;

    /// <param name="Made">What f makes of the rows.</param>
    /// <param name="Rows">All rows that the key reaches, by table and primary key.</param>
    /// <param name="Changes">
    /// For each row its last change at or before the position, newest first, and what f would have made without it.
    /// </param>
    public sealed record Known(Made Made, IReadOnlyList<ExplainedRow> Rows, IReadOnlyList<ExplainedChange> Changes)
        : Explained;
}

/// <summary>A row that a key reaches.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Row">JSON text of the declared columns.</param>
/// <param name="Since">The position from which this version holds.</param>
public sealed record ExplainedRow(string Table, string PrimaryKey, string Row, Position Since);

/// <summary>The last change of a row.</summary>
/// <param name="Before">
/// JSON text of the version before; null: there was none that is still kept, or none at all.
/// </param>
/// <param name="After">JSON text of the version since; null: deleted.</param>
/// <param name="At">The position of the change.</param>
/// <param name="CommittedAt">The source's clock at its commit, where it is known.</param>
/// <param name="Without">What f makes with this row at its version before, and all others as they are.</param>
public sealed record ExplainedChange(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    Position At,
    DateTimeOffset? CommittedAt,
    Made Without
);
