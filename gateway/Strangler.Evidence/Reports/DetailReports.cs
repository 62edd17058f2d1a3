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

/// <summary>What a rule of the route ignored.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Rule">The rule as configured.</param>
/// <param name="Count">The number of differences that it ignored.</param>
public sealed record IgnoredLine(string Path, string Rule, long Count, DateTimeOffset First, DateTimeOffset Last);

/// <summary>Where two answers of legacy differ from each other.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Count">The number of parts.</param>
public sealed record NoiseLine(string Path, long Count, DateTimeOffset First, DateTimeOffset Last);

/// <summary>How long each side takes, and how late a lookup would have been.</summary>
/// <param name="Legacy">From the request's head to the answer's last byte.</param>
/// <param name="Lookup">A look-up of the same request at the same time.</param>
/// <param name="Late">How long after legacy's answer the documents passed the bracket.</param>
public sealed record LatencyReport(DurationFigures Legacy, DurationFigures Lookup, DurationFigures Late);

/// <summary>
/// Durations in milliseconds; null if nothing was measured. Quantiles are at most a thirty-second too high.
/// </summary>
/// <param name="Count">The number of measurements.</param>
public sealed record DurationFigures(long Count, double? P50, double? P90, double? P99, double? Max);

/// <summary>Whether the route may change to <c>lookup</c> by what is known now.</summary>
/// <param name="Ready">Whether every rule is kept.</param>
/// <param name="Rules">Every rule, kept or not.</param>
public sealed record GateReport(bool Ready, IReadOnlyList<GateLine> Rules);

/// <summary>A rule of the gate.</summary>
/// <param name="Rule">
/// Its name: <c>evidence</c>, <c>wrong</c>, <c>anonymous</c>, <c>headers</c>, <c>min-matches</c>, <c>min-keys</c>,
/// <c>max-unproven</c>, <c>max-lost</c>, <c>max-mismatch-rate</c>.
/// </param>
/// <param name="Kept">Whether it is kept.</param>
/// <param name="Found">The finding, in words.</param>
/// <param name="WayOut">What would help; empty if it is kept.</param>
public sealed record GateLine(string Rule, bool Kept, string Found, string WayOut);
