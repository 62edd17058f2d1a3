using Strangler.Comparing.Differences;

namespace Strangler.Comparing.Verdicts;

/// <summary>What a comparison found. Nothing but <see cref="Wrong"/> accuses the lookup.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>Equal to one of the moments.</summary>
    /// <param name="Quiet">The bracket had one moment.</param>
    /// <param name="Commits">Commits in the bracket that changed what the key reads.</param>
    public sealed record Match(bool Quiet, int Commits) : Verdict;

    /// <summary>
    /// Two answers of legacy in a row differ from f at the same paths with the same values, and the bracket around both
    /// is quiet.
    /// </summary>
    /// <param name="Differences">At least one.</param>
    /// <param name="Cause">Whose fault it is.</param>
    public sealed record Wrong(IReadOnlyList<Difference> Differences, WrongCause Cause) : Verdict;

    /// <summary>
    /// Equal to f over a mix of the row versions in the bracket: the call graph had read at several moments.
    /// </summary>
    public sealed record Torn : Verdict
    {
        public static readonly Torn Value = new();
    }

    /// <summary>Legacy gave nothing that can be compared.</summary>
    public sealed record Incomparable(IncomparableReason Reason) : Verdict;

    /// <summary>Nothing can be said.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">What a person would want to know besides; empty where there is nothing.</param>
    public sealed record Undetermined(Doubt Reason, string Detail) : Verdict;
}

/// <summary>Whose fault a wrong document is.</summary>
internal enum WrongCause
{
    /// <summary>f says so of these rows.</summary>
    Projection,

    /// <summary>The stored document is not what f makes of the mirror: a fault of ours, and an alarm.</summary>
    Engine,

    /// <summary>It equals f at an older moment that is still kept.</summary>
    Behind,

    /// <summary>It equals f at a later moment: legacy is behind.</summary>
    Ahead,
}

/// <summary>Why legacy's answer cannot be compared.</summary>
internal enum IncomparableReason
{
    /// <summary>5xx.</summary>
    Failed,

    /// <summary>408 or 504, or no answer within the route's timeout.</summary>
    TimedOut,

    /// <summary>The body did not come to its end, or the client went away.</summary>
    CutOff,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>More bytes than are compared.</summary>
    TooLarge,

    /// <summary>Deeper than is compared, broken JSON, an unknown encoding or charset.</summary>
    Unreadable,

    /// <summary>A part of a resource, an upgrade, a stream of events.</summary>
    NotAnAnswer,
}

/// <summary>Why nothing can be said.</summary>
internal enum Doubt
{
    /// <summary>The watermark did not pass the bracket in time.</summary>
    WatermarkLate,

    /// <summary>The answers differ, and legacy may not be asked again: no budget is left.</summary>
    NoBudget,

    /// <summary>The answers differ, and the key never came to rest.</summary>
    NeverAtRest,

    /// <summary>Two answers of legacy differ in a quiet bracket.</summary>
    Noise,

    /// <summary>f threw for this key.</summary>
    ProjectionThrew,

    /// <summary>Respond threw, overran or made an answer that HTTP does not allow.</summary>
    RespondFailed,

    /// <summary>The poll's connection broke within the bracket: a crash may have taken commits back.</summary>
    PollBroken,

    /// <summary>The catalogue of a table that is read moved.</summary>
    CatalogueMoved,

    /// <summary>The bracket begins before the oldest kept history.</summary>
    BeforeHistory,

    /// <summary>The projection is not built in this version, or stopped.</summary>
    NotServed,

    /// <summary>The source's epoch changed.</summary>
    EpochChanged,

    /// <summary>More moments than are looked at.</summary>
    TooManyMoments,

    /// <summary>The projections, or the source, do not answer.</summary>
    Unavailable,

    /// <summary>The second answer of legacy could not be compared.</summary>
    SecondIncomparable,

    /// <summary>Comparing it would have taken more bytes than the gateway holds.</summary>
    NoMemory,
}
