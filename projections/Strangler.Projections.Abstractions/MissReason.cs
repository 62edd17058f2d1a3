namespace Strangler.Projections;

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

    /// <summary>The projection says that it doesn't know the answer for this key.</summary>
    AskLegacy,
}
