namespace Strangler.Evidence;

/// <summary>Why a request is compared.</summary>
internal enum Occasion
{
    /// <summary>Legacy answered it in stage shadow.</summary>
    Shadow,

    /// <summary>The lookup answered it, and legacy is asked afterward.</summary>
    Recheck,
}
