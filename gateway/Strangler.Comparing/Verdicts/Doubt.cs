namespace Strangler.Comparing.Verdicts;

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

    /// <summary>The projection says that it doesn't know the answer: the lookup would ask legacy.</summary>
    AskLegacy,
}
