using System.Globalization;
using Microsoft.AspNetCore.Http;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Evidence.GatedRoute;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>A lookup gives everybody the same answer: what the gate requires of who may see it.</summary>
public sealed class WhoMaySeeTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Authorization", "Bearer secret")]
    [InlineData("Cookie", "session=secret")]
    [InlineData("X-Api-Key", "secret")]
    [InlineData("x-forwarded-user", "secret")]
    public async Task ChangeStage_OneRequestBroughtCredentials_IsRefusedUntilTheRouteIsAnonymous(
        string header,
        string value
    )
    {
        await using var setup = await StartAsync(postgres, Answer, settings: SaysNothing);
        await CompareAsync(
            setup,
            (request, key) =>
            {
                if (key == 105)
                    request.Headers.Add(header, value);
            }
        );

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        await setup.StartGatewayAsync("shadow", Settings(setup, (Route + "Anonymous", "true"))); // as after a restart
        var promoted = await PromoteAsync(setup);

        Assert.Equal(["gate:anonymous", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains(
            $"1 of 12 requests brought credentials ({header.ToLowerInvariant()}), and legacy refused none with 401 "
                + "or 403. A lookup doesn't look who asks",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal((false, 12, 1), (report.Access.Anonymous, report.Access.Requests, report.Access.WithCredentials));
        Assert.Equal(
            [(header.ToLowerInvariant(), 1)],
            report.Access.Credentials.Select(line => (line.Name, (int)line.Count))
        );
        Assert.Equal("lookup", promoted.Stage);
        Assert.Contains("1 of 12 requests brought credentials", promoted.Note, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "secret",
            refused.Message
                + promoted.Note
                + TextReport.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report])),
            StringComparison.Ordinal
        );
    }

    /// <summary>Requests that aren't compared show who asks too: with an empty share, and with a spent limit.</summary>
    [Theory]
    [InlineData(401, "Shadow:Share", "0")]
    [InlineData(403, "Shadow:Share", "0")]
    [InlineData(403, "Shadow:PerSecond", "1")]
    public async Task Report_LegacyRefusesSome_CountsThemThoughNothingIsSampled(
        int status,
        string setting,
        string value
    )
    {
        await using var setup = await StartAsync(
            postgres,
            context =>
            {
                if (!context.Request.Path.Value!.Contains("105", StringComparison.Ordinal))
                    return Answer(context);
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
            settings: [SaysNothing, (Route + setting, value)]
        );
        for (var key = 100; key < 100 + Keys; key++)
            await GetAsync(setup, key, null);
        using (var undeclared = await setup.Client.GetAsync("/api/items/105/availability?other=1", Cancellation))
            Assert.Equal(status, (int)undeclared.StatusCode);

        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        var rule = report.Gate.Rules.Single(one => one.Rule == "anonymous");

        Assert.Equal(
            [(status.ToString(CultureInfo.InvariantCulture), 1)],
            report.Access.Refused.Select(line => (line.Name, (int)line.Count))
        );
        Assert.Equal(
            (
                false,
                "None of 12 requests brought credentials, and legacy refused 1 with 401 or 403. A lookup doesn't "
                    + "look who asks, and the route doesn't say who may see its answers."
            ),
            (rule.Kept, rule.Found)
        );
    }

    /// <summary>Nobody brought credentials so far, and legacy refused nobody.</summary>
    [Fact]
    public async Task ChangeStage_RouteThatDoesNotSayWhoMaySee_IsRefused()
    {
        await using var setup = await StartAsync(postgres, Answer, settings: SaysNothing);
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));

        Assert.Equal(["gate:anonymous", "gate"], refused.Faults.Select(fault => fault.Path));
    }

    /// <summary>
    /// The gateway asks legacy about each caller whom it refused: only one who would have been let through counts.
    /// </summary>
    [Theory]
    [InlineData(403, true)]
    [InlineData(200, false)]
    public async Task Report_LegacyIsAskedWhoMaySee_CountsRefusalsThatItWouldNotRepeat(int access, bool isKept)
    {
        await using var setup = await StartAsync(
            postgres,
            context =>
            {
                var path = context.Request.Path.Value!;
                if (path.StartsWith("/access/", StringComparison.Ordinal))
                    context.Response.StatusCode = access;
                else if (path.Contains("105", StringComparison.Ordinal))
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                else
                    return Answer(context);
                return Task.CompletedTask;
            },
            settings:
            [
                SaysNothing,
                (Route + "AuthorizeBy:Path", "/access/{sku}"),
                (Route + "AuthorizeBy:Timeout", "00:01:00"),
            ]
        );
        for (var key = 100; key < 100 + Keys; key++)
            await GetAsync(setup, key, null);

        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(isKept, report.Gate.Rules.Single(one => one.Rule == "anonymous").Kept);
        Assert.Equal(isKept ? 0 : 1, report.Access.Refused.Sum(line => line.Count));
        Assert.Equal(
            ["/access/105"],
            setup.Upstream.Asked.Select(asked => asked.Target).Where(target => target.StartsWith("/access/"))
        );
    }

    [Fact]
    public async Task Report_LegacyRefusesWhatTheLookupShows_RanksItFirst()
    {
        await using var setup = await StartAsync(
            postgres,
            context =>
            {
                if (!context.Request.Path.Value!.Contains("105", StringComparison.Ordinal))
                    return context.Response.WriteAsJsonAsync(new { quantity = 4 }, Cancellation);
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            },
            settings: (Route + "Shadow:AskAgain:PerSecond", "100")
        );
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(
            ("status", "security", 1),
            (report.Differences[0].Path, report.Differences[0].Kind, (int)report.Differences[0].Count)
        );
        Assert.Equal(("$.quantity", 11), (report.Differences[1].Path, (int)report.Differences[1].Count));
        Assert.Equal("security", report.Examples[0].Differences.Single().Kind);
        Assert.Contains("12 parts were wrong, at 'status', '$.quantity'.", refused.Message, StringComparison.Ordinal);
    }
}
