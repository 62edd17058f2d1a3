namespace Strangler.Projections;

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
