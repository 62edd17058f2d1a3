using Strangler.Comparing.Differences;

namespace Strangler.Comparing.Verdicts;

/// <summary>What a comparison found. Only <see cref="Wrong"/> blames the lookup.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>Equal to one of the moments.</summary>
    /// <param name="Quiet">Whether the bracket had one moment.</param>
    /// <param name="Commits">Commits in the bracket that changed what the key reads.</param>
    public sealed record Match(bool Quiet, int Commits) : Verdict;

    /// <summary>
    /// Two consecutive answers of legacy differ from f at the same paths with the same values, and the bracket around
    /// both is quiet.
    /// </summary>
    /// <param name="Differences">At least one.</param>
    /// <param name="Cause">Whose fault it is.</param>
    public sealed record Wrong(IReadOnlyList<Difference> Differences, WrongCause Cause) : Verdict;

    /// <summary>
    /// Equal to f over a mix of the row versions in the bracket: the call graph read at several moments.
    /// </summary>
    public sealed record Torn : Verdict
    {
        public static readonly Torn Value = new();
    }

    /// <summary>Legacy gave nothing to compare.</summary>
    public sealed record Incomparable(IncomparableReason Reason) : Verdict;

    /// <summary>Nothing can be said.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">Details for a person; empty if there are none.</param>
    public sealed record Undetermined(Doubt Reason, string Detail) : Verdict;
}

/// <summary>Whose fault a wrong document is.</summary>
internal enum WrongCause
{
    /// <summary>f returns it for these rows.</summary>
    Projection,

    /// <summary>
    /// The stored document differs from what f makes of the mirror: a defect of Strangler, and an alarm.
    /// </summary>
    Engine,

    /// <summary>It equals f at an older moment that is still kept.</summary>
    Behind,

    /// <summary>It equals f at a later moment: legacy is behind.</summary>
    Ahead,
}

/// <summary>Why legacy's answer can't be compared.</summary>
internal enum IncomparableReason
{
    /// <summary>5xx.</summary>
    Failed,

    /// <summary>408 or 504, or no answer within the route's timeout.</summary>
    TimedOut,

    /// <summary>The body is incomplete, or the client disconnected.</summary>
    CutOff,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>The body exceeds the limit.</summary>
    TooLarge,

    /// <summary>Too deep, broken JSON, or an unknown encoding or charset.</summary>
    Unreadable,

    /// <summary>A partial response, an upgrade, or a stream of events.</summary>
    NotAnAnswer,
}

/// <summary>Why nothing can be said.</summary>
internal enum Doubt
{
    /// <summary>The watermark did not pass the bracket in time.</summary>
    WatermarkLate,

    /// <summary>The answers differ, and no budget is left to ask legacy again.</summary>
    NoBudget,

    /// <summary>The answers differ, and the key kept changing.</summary>
    NeverAtRest,

    /// <summary>Two answers of legacy differ in a quiet bracket.</summary>
    Noise,

    /// <summary>f threw for this key.</summary>
    ProjectionThrew,

    /// <summary>Respond threw, took too long, or made an answer that HTTP doesn't allow.</summary>
    RespondFailed,

    /// <summary>The poll's connection broke within the bracket: a crash may have undone commits.</summary>
    PollBroken,

    /// <summary>The catalogue of a table that is read changed.</summary>
    CatalogueMoved,

    /// <summary>The bracket begins before the oldest kept history.</summary>
    BeforeHistory,

    /// <summary>The projection isn't built in this version, or is stopped.</summary>
    NotServed,

    /// <summary>The source's epoch changed.</summary>
    EpochChanged,

    /// <summary>The bracket has too many moments.</summary>
    TooManyMoments,

    /// <summary>The projections, or the source, don't answer.</summary>
    Unavailable,

    /// <summary>The second answer of legacy could not be compared.</summary>
    SecondIncomparable,

    /// <summary>Comparing it would have taken more bytes than the gateway may hold.</summary>
    NoMemory,
}
