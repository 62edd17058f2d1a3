namespace Strangler.Comparing.Differences;

/// <summary>How a header differs.</summary>
internal enum HeaderDifferenceKind
{
    /// <summary>Legacy sends it, the lookup doesn't.</summary>
    Missing,

    /// <summary>Only the lookup sends it.</summary>
    Extra,

    /// <summary>Both send it, with different values.</summary>
    Value,
}
