namespace Strangler.Evidence.Reports;

/// <summary>Differences of one kind at one general path.</summary>
/// <param name="Path">
/// The general path: <c>$.items[*].qty</c>, <c>status</c>, <c>header:content-type</c> or <c>body</c>; <c>(more)</c>
/// sums up everything after the first two hundred.
/// </param>
/// <param name="Kind">
/// <c>security</c>, <c>status</c>, <c>header</c>, <c>missing</c>, <c>extra</c>, <c>value</c>, <c>type</c>,
/// <c>order</c>, <c>duplicate-key</c> or <c>body</c>.
/// </param>
/// <param name="Count">How often.</param>
/// <param name="First">When it was first seen.</param>
/// <param name="Last">When it was last seen.</param>
/// <param name="Examples">Ids of kept examples, longest kept first: the first two stay for at least six hours.</param>
public sealed record DifferenceLine(
    string Path,
    string Kind,
    long Count,
    DateTimeOffset First,
    DateTimeOffset Last,
    IReadOnlyList<string> Examples
);
