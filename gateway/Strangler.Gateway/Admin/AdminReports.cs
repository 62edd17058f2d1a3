using System.Text.Json;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>All routes with a <c>Strangler</c> section.</summary>
/// <param name="StoreTrouble">Why the stages cannot be read from the store just now; null: they can.</param>
public sealed record RoutesReport(IReadOnlyList<RouteReport> Routes, string? StoreTrouble)
{
    /// <summary>
    /// The parts of the system, as <c>strangler up</c> tells of them; empty: nobody tells this gateway.
    /// </summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>What is wrong with this gateway itself, though it serves.</summary>
    public IReadOnlyList<string> GatewayFaults { get; init; } = [];
}

/// <summary>A route, its stage, and who answered it since the gateway started.</summary>
/// <param name="Route">Its id in YARP.</param>
/// <param name="Path">Its template.</param>
/// <param name="Projection">The projection that can answer it; null: none.</param>
/// <param name="Stage">The stage in which this gateway serves it.</param>
/// <param name="StoredStage">The stage that the store holds; null: not read yet.</param>
/// <param name="ConfiguredStage">Where the configuration lets it begin.</param>
/// <param name="Version">Rises with each change.</param>
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
    /// <summary>What is to be said of a change of stage that was made; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Why the lookup answers nothing of its projection now, a sentence each with its way out; empty: it may answer.
    /// </summary>
    public IReadOnlyList<string> ProjectionTroubles { get; init; } = [];
}

/// <summary>Asks for another stage.</summary>
/// <param name="Who">Not looked at: who changed it is whom the request's token was made for.</param>
/// <param name="Force">Goes past the gate. It is kept with who and why.</param>
public sealed record StageRequest(string? Stage, string? Who, string? Why, bool Force = false);

/// <summary>The newest changes of a route's stage, newest first.</summary>
public sealed record HistoryReport(string Route, IReadOnlyList<StageChangeReport> Changes);

/// <summary>A change of a route's stage.</summary>
/// <param name="From">Null: the route was new.</param>
/// <param name="Forced">Somebody went past the gate.</param>
/// <param name="Evidence">The evidence at that time; null: the stage asks for none.</param>
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

/// <summary>What stands for a key.</summary>
/// <param name="Found"><c>document</c>, <c>absent</c> or <c>miss</c>.</param>
/// <param name="Reason">Why it is a miss.</param>
/// <param name="Touched">The last commit that mapped to the key.</param>
/// <param name="RecomputeAt">When the document ceases to hold by itself.</param>
/// <param name="Watermark">How far the projection is; null: it has not been built.</param>
/// <param name="Document">The document's text, as it is sent.</param>
public sealed record DocumentReport(
    string Projection,
    string Version,
    string Key,
    string Found,
    string? Reason,
    string? Touched,
    DateTimeOffset? RecomputeAt,
    Watermark? Watermark,
    string? Document
);

/// <summary>How far each projection is.</summary>
public sealed record WatermarksReport(IReadOnlyList<WatermarkReport> Watermarks)
{
    /// <summary>The source's clock beside this gateway's; null: the source has not been looked at.</summary>
    public ClockReport? SourceClock { get; init; }
}

/// <summary>How far a projection is.</summary>
/// <param name="Watermark">Null: it has not been built, or the store does not answer.</param>
/// <param name="LagSeconds">The watermark's age as far as it is known; otherwise by this gateway's clock.</param>
/// <param name="Trouble">Why the store does not answer; null: it does.</param>
public sealed record WatermarkReport(string Projection, Watermark? Watermark, double? LagSeconds, string? Trouble)
{
    /// <summary>The age by which look-ups are judged; null: it is not known.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>
    /// For how long this gateway has seen the watermark stand still; null: it has seen none. The bridge moves it each
    /// second, whether or not rows change.
    /// </summary>
    public double? RestSeconds { get; init; }

    /// <summary>Why look-ups go to the call graph, since the age is not known; null: it is.</summary>
    public string? Doubt { get; init; }
}

/// <summary>Live figures of all routes.</summary>
public sealed record StatsReport(IReadOnlyList<RouteStatsReport> Routes);

/// <summary>Live figures of a route: both sides apart.</summary>
public sealed record RouteStatsReport(
    string Route,
    string Stage,
    SideFigures Lookup,
    SideFigures Legacy,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons,
    ShadowFigures Shadow
);

/// <summary>The gateway serves; it does so without its store too.</summary>
public sealed record HealthReport(string Status, string? StoreTrouble, string? SourceTrouble)
{
    /// <summary>Why look-ups are not tried; null: they are.</summary>
    public string? LookupTrouble { get; init; }

    /// <summary>The source's clock beside this gateway's; null: the source has not been looked at.</summary>
    public ClockReport? SourceClock { get; init; }

    /// <summary>
    /// The parts of the system, as <c>strangler up</c> tells of them; empty: nobody tells this gateway.
    /// </summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>What is wrong with this gateway itself, though it serves.</summary>
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

/// <summary>How a projection is that answers routes.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Troubles">
/// Why the lookup answers nothing of it just now, a sentence each with its way out; empty: it may answer.
/// </param>
public sealed record ProjectionHealth(string Projection, IReadOnlyList<string> Troubles);

/// <summary>A clock beside this gateway's. Ages do not depend on it while the source is looked at.</summary>
/// <param name="AheadSeconds">Negative: it is behind.</param>
/// <param name="ErrorSeconds">The true value is no further away.</param>
/// <param name="Sentence">What a person should know of it; null: the clocks agree.</param>
public sealed record ClockReport(double AheadSeconds, double ErrorSeconds, string? Sentence);

/// <summary>What the admin API says no with.</summary>
public sealed record AdminProblem(int Status, IReadOnlyList<Fault> Faults);
