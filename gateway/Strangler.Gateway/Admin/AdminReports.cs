using System.Text.Json;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>All routes with a <c>Strangler</c> section.</summary>
/// <param name="StoreTrouble">Why the stages can't be read from the store now. Null if they can.</param>
public sealed record RoutesReport(IReadOnlyList<RouteReport> Routes, string? StoreTrouble)
{
    /// <summary>
    /// The parts of the system, as <c>strangler up</c> reports them. Empty if nothing reports them to this gateway.
    /// </summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>What is wrong with this gateway itself, though it serves, and which routes were put back.</summary>
    public IReadOnlyList<string> GatewayFaults { get; init; } = [];
}

/// <summary>A route, its stage, and who answered it since the gateway started.</summary>
/// <param name="Route">Its id in YARP.</param>
/// <param name="Path">Its template.</param>
/// <param name="Projection">The projection that can answer it. Null if none can.</param>
/// <param name="Stage">The stage in which this gateway serves it.</param>
/// <param name="StoredStage">The stage in the store. Null if not read yet.</param>
/// <param name="ConfiguredStage">The stage in which the configuration lets it begin.</param>
/// <param name="Version">Increases with each change.</param>
/// <param name="Lookup">Requests that the lookup answered.</param>
/// <param name="Legacy">Requests that the call graph answered.</param>
/// <param name="Refused">Requests that got 503 from the load guard.</param>
/// <param name="Reasons">Why the call graph was asked, with counts.</param>
public sealed record RouteReport(
    string Route,
    string Path,
    string? Projection,
    string Stage,
    string? StoredStage,
    string ConfiguredStage,
    int? Version,
    DateTimeOffset? ChangedAt,
    string? Who,
    string? Why,
    long Lookup,
    long Legacy,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons
)
{
    /// <summary>A note on the change of stage that was made. Null if there is none.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Why the lookup answers nothing from its projection now, one sentence each with its way out. Empty if it may
    /// answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}

/// <summary>Asks for another stage.</summary>
/// <param name="Who">Ignored: the change is recorded under the name that the request's token was made for.</param>
/// <param name="Force">Bypasses the gate. Who did it and why is recorded.</param>
public sealed record StageRequest(string? Stage, string? Who, string? Why, bool Force = false);

/// <summary>The newest changes of a route's stage, newest first.</summary>
public sealed record HistoryReport(string Route, IReadOnlyList<StageChangeReport> Changes);

/// <summary>A change of a route's stage.</summary>
/// <param name="From">Null if the route was new.</param>
/// <param name="Forced">Whether somebody bypassed the gate.</param>
/// <param name="Evidence">The evidence at that time. Null if the stage requires none.</param>
public sealed record StageChangeReport(
    int Version,
    string? From,
    string To,
    DateTimeOffset ChangedAt,
    string Who,
    string Why,
    bool Forced,
    JsonElement? Evidence
);

/// <summary>What is stored for a key.</summary>
/// <param name="Found"><c>document</c>, <c>absent</c> or <c>miss</c>.</param>
/// <param name="Reason">Why it is a miss.</param>
/// <param name="Touched">The last commit that mapped to the key.</param>
/// <param name="RecomputeAt">When the document becomes invalid by itself.</param>
/// <param name="Watermark">How far the projection is. Null if it hasn't been built.</param>
/// <param name="Document">The document's text, as it is sent.</param>
public sealed record DocumentReport(
    string Projection,
    string Version,
    string Key,
    string Found,
    string? Reason,
    Position? Touched,
    DateTimeOffset? RecomputeAt,
    Watermark? Watermark,
    string? Document
);

/// <summary>How far each projection is.</summary>
public sealed record WatermarksReport(IReadOnlyList<WatermarkReport> Watermarks)
{
    /// <summary>The source's clock relative to this gateway's. Null if the source hasn't been looked at.</summary>
    public ClockReport? SourceClock { get; init; }
}

/// <summary>How far a projection is.</summary>
/// <param name="Watermark">Null if it hasn't been built, or the store doesn't answer.</param>
/// <param name="LagSeconds">The watermark's age if it is known, otherwise its age by this gateway's clock.</param>
/// <param name="Trouble">Why the store doesn't answer. Null if it does.</param>
public sealed record WatermarkReport(string Projection, Watermark? Watermark, double? LagSeconds, string? Trouble)
{
    /// <summary>The age by which look-ups are judged. Null if it isn't known.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>
    /// How long this gateway has seen the watermark unchanged. Null if it has seen no watermark. The bridge moves it
    /// each second, whether or not rows change.
    /// </summary>
    public double? RestSeconds { get; init; }

    /// <summary>Why the age isn't known, which sends look-ups to the call graph. Null if it is known.</summary>
    public string? Doubt { get; init; }
}

/// <summary>Live figures of all routes.</summary>
public sealed record StatsReport(IReadOnlyList<RouteStatsReport> Routes);

/// <summary>Live figures of a route, separately for both sides.</summary>
public sealed record RouteStatsReport(
    string Route,
    string Stage,
    SideFigures Lookup,
    SideFigures Legacy,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons,
    ShadowFigures Shadow
);

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

    /// <summary>What stands for a sentence that requires a token.</summary>
    internal const string Hidden =
        "Reading this requires a token of the admin API. 'strangler routes' shows it, and so does 'GET /health' with "
        + "the token.";

    private static string? Hide(string? sentence) => sentence is null ? null : Hidden;

    private static IReadOnlyList<string> Hide(IReadOnlyList<string> sentences) => [.. sentences.Select(_ => Hidden)];
}

/// <summary>The health of a projection that answers routes.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Troubles">
/// Why the lookup answers nothing from it now, one sentence each with its way out. Empty if it may answer.
/// </param>
public sealed record ProjectionHealth(string Projection, IReadOnlyList<string> Troubles);

/// <summary>A clock relative to this gateway's. Ages don't depend on it while the source is looked at.</summary>
/// <param name="AheadSeconds">Negative if it is behind.</param>
/// <param name="ErrorSeconds">The maximum distance of the true value.</param>
/// <param name="Sentence">What a person should know of it. Null if the clocks agree.</param>
public sealed record ClockReport(double AheadSeconds, double ErrorSeconds, string? Sentence);

/// <summary>A refusal of the admin API.</summary>
public sealed record AdminProblem(int Status, IReadOnlyList<Fault> Faults);
