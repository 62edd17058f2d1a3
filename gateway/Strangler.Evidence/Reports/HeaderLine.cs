namespace Strangler.Evidence.Reports;

/// <summary>How a header differs. Its values are not kept.</summary>
/// <param name="Name">In lower case; <c>(more)</c> sums up everything after the first two hundred.</param>
/// <param name="Kind">
/// <c>missing</c>: legacy sends it and the lookup doesn't; <c>extra</c>: only the lookup does; <c>value</c>: both do,
/// with different values.
/// </param>
/// <param name="Count">The number of answers.</param>
/// <param name="Share">Their share of the compared answers.</param>
public sealed record HeaderLine(
    string Name,
    string Kind,
    long Count,
    double Share,
    DateTimeOffset First,
    DateTimeOffset Last
);
