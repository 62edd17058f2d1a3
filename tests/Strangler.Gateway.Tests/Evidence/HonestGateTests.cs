using System.Globalization;
using Microsoft.AspNetCore.Http;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Evidence.GatedRoute;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>
/// A route in shadow whose answers all match, and what the gate nevertheless reports: what the matches prove, and
/// which headers legacy sent.
/// </summary>
public sealed class HonestGateTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeStage_OnlyUnknownIdsMatched_IsRefusedAndSaysSo()
    {
        await using var setup = await StartAsync(
            postgres,
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync("""{"error":"unknown"}""");
            },
            exist: false
        );
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var keys = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single().Keys;

        Assert.Equal(["gate:min-matches", "gate:min-keys", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Equal((12, 0, 12), (keys.Matched, keys.Existing, keys.Absent));
        Assert.Contains(
            "Only 0 distinct keys that exist matched, where 10 are needed; "
                + "12 more don't exist on either side and aren't counted.",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ChangeStage_KeysThatExistMatched_IsTaken()
    {
        await using var setup = await StartAsync(postgres, Answer);
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
    }

    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Access-Control-Allow-Origin", "*")]
    [InlineData("Vary", "Origin")]
    [InlineData("Set-Cookie", "session=secret")]
    public async Task ChangeStage_LegacySendsAHeaderThatTheLookupDoesNot_IsRefusedAndNamesIt(
        string header,
        string value
    )
    {
        await using var setup = await StartAsync(postgres, With(header, value, only: 105));
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(["gate:headers", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains(
            "Legacy sends headers that the lookup doesn't: "
                + $"{header.ToLowerInvariant()} in 8.33 % of 12 compared answers.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (12, header.ToLowerInvariant(), "missing", 1),
            (
                report.Headers.Compared,
                report.Headers.Lines[0].Name,
                report.Headers.Lines[0].Kind,
                (int)report.Headers.Lines[0].Count
            )
        );
        Assert.Single(report.Headers.Lines);
        Assert.DoesNotContain(
            "secret",
            refused.Message + ReportJson.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report])),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("AnswerHeaders:Cache-Control", "no-store")]
    [InlineData("Compare:IgnoreHeaders:0", "cache-control")]
    [InlineData("Compare:Headers:0", "Cache-Control", "AnswerHeaders:cache-control", "no-store")]
    public async Task ChangeStage_TheHeaderIsAConstantOrIgnored_IsTaken(params string[] settings)
    {
        await using var setup = await StartAsync(
            postgres,
            With("Cache-Control", "no-store"),
            settings: [.. settings.Chunk(2).Select(setting => (Route + setting[0], (string?)setting[1]))]
        );
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
    }

    [Fact]
    public async Task ChangeStage_AResponseTransformMakesTheHeader_IsTaken()
    {
        const string Transform = "ReverseProxy:Routes:availability:Transforms:0:";
        await using var setup = await StartAsync(
            postgres,
            With("Cache-Control", "no-store"),
            settings:
            [
                (Transform + "ResponseHeader", "Cache-Control"),
                (Transform + "Set", "no-cache"),
                (Transform + "When", "Always"),
            ]
        );
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
        Assert.Empty((await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single().Headers.Lines);
    }

    [Fact]
    public async Task ChangeStage_RespondMakesTheHeader_IsTakenAndOtherValuesAreReported()
    {
        await using var setup = await StartAsync(postgres, With("Cache-Control", "no-store"));
        setup.Responder.Instead = _ => new Answer(
            200,
            [new("Content-Type", "application/json"), new("cache-control", "max-age=5"), new("X-Own", "1")],
            """{"quantity":3}"""u8.ToArray()
        );
        await CompareAsync(setup);

        var promoted = await PromoteAsync(setup);
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal("lookup", promoted.Stage);
        Assert.Equal(
            [("cache-control", "value", 12), ("x-own", "extra", 12)],
            report.Headers.Lines.Select(line => (line.Name, line.Kind, (int)line.Count))
        );
        Assert.Equal(
            "No header of legacy's is missing from the lookup's answers, but those that are ignored. Not alike, and "
                + "reported: cache-control, x-own.",
            report.Gate.Rules.Single(rule => rule.Rule == "headers").Found
        );
    }

    /// <summary>Every answer of the lookup has the constants. Headers that Respond sets itself stay.</summary>
    [Fact]
    public async Task Lookup_ConstantHeaders_AreSentUnlessRespondMakesThem()
    {
        await using var setup = await StartAsync(
            postgres,
            Answer,
            settings:
            [
                (Route + "AnswerHeaders:Cache-Control", "no-store"),
                (Route + "AnswerHeaders:X-Own", "constant"),
                (Route + "AnswerHeaders:Link:0", "</a>"),
                (Route + "AnswerHeaders:Link:1", "</b>"),
            ]
        );
        setup.Responder.Instead = _ => new Answer(
            200,
            [new("Content-Type", "application/json"), new("x-own", "responded")],
            """{"quantity":3}"""u8.ToArray()
        );
        await setup.Admin.ForceStageAsync("availability", "lookup", "Ada", "why", Cancellation);

        using var response = await setup.Client.GetAsync("/api/items/7/availability", Cancellation);

        Assert.Empty(setup.Upstream.Asked);
        Assert.Equal(
            ("no-store", "responded", "</a>, </b>"),
            (
                response.Headers.CacheControl!.ToString(),
                Assert.Single(response.Headers.GetValues("x-own")),
                string.Join(", ", response.Headers.GetValues("Link"))
            )
        );
    }

    private static RequestDelegate With(string header, string value, int? only = null) =>
        context =>
        {
            if (
                only is not { } key
                || context.Request.Path.Value!.Contains(
                    key.ToString(CultureInfo.InvariantCulture),
                    StringComparison.Ordinal
                )
            )
                context.Response.Headers[header] = value;
            return Answer(context);
        };
}
