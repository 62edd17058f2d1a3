namespace Strangler.Comparing.Differences;

/// <summary>
/// How two answers with one status differ in a header that no rule compares. Values are never kept: they may contain
/// credentials.
/// </summary>
/// <param name="Name">In lower case.</param>
/// <param name="Kind">How it differs.</param>
internal readonly record struct HeaderDifference(string Name, HeaderDifferenceKind Kind);
