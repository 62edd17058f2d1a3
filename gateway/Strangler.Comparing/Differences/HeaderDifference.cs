namespace Strangler.Comparing.Differences;

/// <summary>
/// How two answers of one status differ in a header that no rule compares. Values are never kept: they may hold
/// credentials.
/// </summary>
/// <param name="Name">In small letters.</param>
/// <param name="Kind">How.</param>
internal readonly record struct HeaderDifference(string Name, HeaderDifferenceKind Kind);

/// <summary>How a header differs.</summary>
internal enum HeaderDifferenceKind
{
    /// <summary>Legacy sends it, the lookup doesn't.</summary>
    Missing,

    /// <summary>Only the lookup sends it.</summary>
    Extra,

    /// <summary>Both send it, with other values.</summary>
    Value,
}
