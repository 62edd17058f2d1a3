using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog.Tables;
using Strangler.Demo.Show;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Guarding;
using Strangler.Gateway.Stages;
using Strangler.Projections;
using Strangler.Projections.Moments;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>
/// JSON that leaves a process, or stays in the store. Its members are named after properties of types.
/// </summary>
public sealed partial class JsonTests
{
    private static readonly (string File, string Place, Type Type, JsonSerializerOptions Options)[] Documents =
    [
        ("admin-api", "GET /routes", typeof(RoutesReport), AdminJson.Options),
        ("admin-api", "GET /routes/{routeId}, POST /routes/{routeId}/stage", typeof(RouteReport), AdminJson.Options),
        ("admin-api", "body of POST /routes/{routeId}/stage", typeof(StageRequest), AdminJson.Options),
        ("admin-api", "body of POST /routes/{routeId}/unfreeze", typeof(UnfreezeRequest), AdminJson.Options),
        ("admin-api", "body of POST /routes/{routeId}/dismissals", typeof(DismissalRequest), AdminJson.Options),
        ("admin-api", "POST /routes/{routeId}/dismissals", typeof(DismissalReport), AdminJson.Options),
        ("admin-api", "GET /routes/{routeId}/history", typeof(HistoryReport), AdminJson.Options),
        ("admin-api", "GET /documents/{projection}/{key}", typeof(DocumentReport), AdminJson.Options),
        ("admin-api", "GET /watermarks", typeof(WatermarksReport), AdminJson.Options),
        ("admin-api", "GET /stats", typeof(StatsReport), AdminJson.Options),
        ("admin-api", "GET /health", typeof(HealthReport), AdminJson.Options),
        ("admin-api", "GET /report, GET /routes/{routeId}/report", typeof(ReportFile), AdminJson.Options),
        ("admin-api", "GET /evidence/examples/{id}", typeof(ExampleReport), AdminJson.Options),
        ("admin-api", "GET /examples/{id}/explain", typeof(ExplainReport), AdminJson.Options),
        ("admin-api", "application/problem+json", typeof(AdminProblem), AdminJson.Options),
        (
            "bridge",
            "GET /health, GET /health/live, GET /health/ready",
            typeof(BridgeHealthReport),
            HealthEndpoints.Options
        ),
        ("files", "strangler report --json", typeof(ReportFile), OptionsOf(typeof(ReportJson))),
        ("files", "Gateway:StagesFile", typeof(KeptStages), KeptStages.Options),
        ("files", "strangler demo --json", typeof(DemoSummary), OptionsOf(typeof(DemoSummary), "Indented")),
        ("processes", "POST moments/evaluate", typeof(BracketQuestion), MomentsJson.Options),
        ("processes", "answer of POST moments/evaluate", typeof(WireBracket), MomentsJson.Options),
        ("processes", "POST moments/explain", typeof(ExplainQuestion), MomentsJson.Options),
        ("processes", "answer of POST moments/explain", typeof(WireExplainAnswer), MomentsJson.Options),
        ("processes", "refusal of moments/…", typeof(WireProblem), MomentsJson.Options),
        ("processes", "strangler up, to the gateway's input", typeof(List<PartState>), AdminJson.Options),
        ("store", "log.source.offset", typeof(BridgeOffset), OptionsOf(typeof(BridgeOffset))),
        (
            "store",
            "log.record.value of a schema, projections.source_table.definition",
            typeof(TableSchema),
            OptionsOf(typeof(TableSchema))
        ),
        ("store", "log.record.value of a table in doubt", typeof(TableDoubt), OptionsOf(typeof(TableDoubt))),
        ("store", "gateway.stage_change.evidence", typeof(EvidenceSummary), AdminJson.Options),
        ("store", "gateway.stage_change.evidence of a guard", typeof(TripEvidence), AdminJson.Options),
        ("store", "gateway.evidence_example.example", typeof(ExampleReport), JsonSerializerOptions.Web),
    ];

    private static readonly string[] Writers =
    [
        Rooms.ChangeLog,
        Rooms.KafkaLog,
        Rooms.CdcBridge,
        Rooms.Projections,
        Rooms.Evidence,
        Rooms.Gateway,
        Rooms.Cli,
    ];

    [Theory]
    [InlineData("admin-api", "JSON of the admin API, which commands, scripts and dashboards read.")]
    [InlineData("bridge", "JSON of the bridge's health, which orchestrators and dashboards read.")]
    [InlineData("files", "JSON that commands write, which pipelines read.")]
    [InlineData("processes", "JSON between the processes, which may be of two versions while they are upgraded.")]
    [InlineData("store", "JSON in the store, which later versions read.")]
    public void Members_OfWhatIsWritten_AreTheApproved(string file, string title) =>
        ApprovedNames.Equal(
            $"json-{file}",
            title,
            Documents
                .Where(document => document.File == file)
                .SelectMany((document, i) => Lines(document.Place, document.Type, document.Options, isFirst: i == 0))
        );

    /// <summary>A type that the code writes or reads as JSON, and that none of the documents above contains.</summary>
    [Fact]
    public void Types_ThatAreWrittenAsJson_AreEntered()
    {
        string[] found = [.. Writers.SelectMany(Written).Distinct()];

        Assert.Contains(typeof(BridgeOffset).FullName, found);
        Assert.Contains(typeof(WireBracket).FullName, found);
        Assert.Contains(typeof(HealthReport).FullName, found);
        Assert.Empty(found.Except(Documents.Select(document => document.Type.FullName!)));
    }

    private static IEnumerable<string> Lines(string place, Type type, JsonSerializerOptions options, bool isFirst) =>
        [.. isFirst ? [] : new[] { "" }, place, .. JsonMembers.Of(type, options).Select(line => $"    {line}")];

    private static IEnumerable<string> Written(string project)
    {
        using var assembly = AssemblyReferences.Of(project);
        return
        [
            .. assembly
                .Uses("Strangler")
                .Select(use => Call().Match(use.Reference))
                .Where(call => call.Success)
                .Select(call => call.Groups["type"].Value),
        ];
    }

    private static JsonSerializerOptions OptionsOf(Type type, string field = "Options") =>
        (JsonSerializerOptions)
            type.GetField(field, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;

    [GeneratedRegex(
        @"::(Serialize\w*|Deserialize\w*|Json|Ok|(Read|Write)\w*Json\w*) .*<(\[[\w.]+\])?(?<type>Strangler\.[\w.]+)>$"
    )]
    private static partial Regex Call();
}
