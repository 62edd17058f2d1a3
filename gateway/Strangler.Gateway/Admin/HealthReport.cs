namespace Strangler.Gateway.Admin;

/// <summary>The gateway serves, even without its store.</summary>
public sealed record HealthReport(string Status, string? StoreTrouble, string? SourceTrouble)
{
    /// <summary>Why look-ups aren't tried. Null if they are.</summary>
    public string? LookupTrouble { get; init; }

    /// <summary>The source's clock relative to this gateway's. Null if the source hasn't been looked at.</summary>
    public ClockReport? SourceClock { get; init; }

    /// <summary>
    /// The parts of the system, as <c>strangler up</c> reports them. Empty if nothing reports them to this gateway.
    /// </summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>What is wrong with this gateway itself, though it serves, and which routes were put back.</summary>
    public IReadOnlyList<string> GatewayFaults { get; init; } = [];

    /// <summary>The state of each route's guard.</summary>
    public IReadOnlyList<GuardHealth> Guards { get; init; } = [];

    /// <summary>The projections that answer routes of this gateway.</summary>
    public IReadOnlyList<ProjectionHealth> Projections { get; init; } = [];

    /// <summary>
    /// The same states for a caller without a token. What servers, parts and the team's code say may hold values of
    /// rows, so <see cref="Hidden"/> replaces each sentence of theirs.
    /// </summary>
    internal HealthReport WithoutDetails() =>
        this with
        {
            StoreTrouble = Hide(StoreTrouble),
            SourceTrouble = Hide(SourceTrouble),
            LookupTrouble = Hide(LookupTrouble),
            GatewayFaults = Hide(GatewayFaults),
            Parts =
            [
                .. Parts.Select(part =>
                    part with
                    {
                        Faults = Hide(part.Faults),
                        LastError = part.LastError is { } error ? error with { Text = Hidden } : null,
                    }
                ),
            ],
            Projections =
            [
                .. Projections.Select(projection => projection with { Troubles = Hide(projection.Troubles) }),
            ],
        };

    /// <summary>Replaces a sentence that requires a token.</summary>
    internal const string Hidden =
        "Reading this requires a token of the admin API: 'GET /health' with the token shows it.";

    private static string? Hide(string? sentence) => sentence is null ? null : Hidden;

    private static IReadOnlyList<string> Hide(IReadOnlyList<string> sentences) => [.. sentences.Select(_ => Hidden)];
}
