namespace Strangler.Evidence.Reports;

/// <summary>What evidence is about. A change of projection, version or rules starts it over.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">Its version, in hexadecimal.</param>
/// <param name="Rules">The hash of the comparison rules, in hexadecimal.</param>
/// <param name="Since">The first sample; null: no evidence exists yet.</param>
/// <param name="Last">The last sample.</param>
public sealed record ScopeReport(
    string Projection,
    string Version,
    string Rules,
    DateTimeOffset? Since,
    DateTimeOffset? Last
);
