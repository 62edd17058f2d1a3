using System.Net;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>The sample of a host of YARP, in the place of the command's gateway.</summary>
public sealed class SampleHostTests
{
    private const int Items = 20;
    private const int PerMinute = 8;
    private const int MoreThanAnyMinute = PerMinute * 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_RouteInLookup_IsServedUnderItsOwnPoliciesAndTheRestByLegacy()
    {
        await using var system = await RunningSystem.PrepareAsync(Items, Cancellation);
        await using var host = new SampleHost(system, "--RequestsPerMinute", $"{PerMinute}");
        system.Bridge.Start();
        system.Projections.Start();
        host.Part.Start();
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await system.AgesKnownAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        await using var command = system.Source.CreateCommand("select min(sku) from item");
        var item = $"/api/items/{await command.ExecuteScalarAsync(Cancellation)}";

        using var nobody = host.Client();
        foreach (var path in new[] { item, $"{item}/availability?area=A1", "/health" })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(nobody, path));

        using var anna = await host.SignInAsync("anna");
        foreach (var path in new[] { item, "/health" })
            Assert.Equal(
                await system.LegacyHttp.GetStringAsync(path, Cancellation),
                await anna.GetStringAsync(path, Cancellation)
            );
        var availability = await StatusAsync(anna, $"{item}/availability");
        Assert.Equal(await StatusAsync(system.LegacyHttp, $"{item}/availability"), availability);
        await AnsweredAsync(system, host, "item", lookup: 1, legacy: 0);
        await AnsweredAsync(system, host, "availability", lookup: 0, legacy: 1);

        using var ben = await host.SignInAsync("ben");
        var asked = new List<HttpStatusCode>();
        while (asked.LastOrDefault() != HttpStatusCode.TooManyRequests && asked.Count < MoreThanAnyMinute)
            asked.Add(await StatusAsync(ben, item));
        Assert.Equal(HttpStatusCode.TooManyRequests, asked[^1]);
        Assert.All(asked.SkipLast(1), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.True(asked.Count > PerMinute, $"The limit took effect after {asked.Count - 1} requests.");
        // each customer has a limit of their own
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(anna, item));
    }

    /// <summary>An answer is counted once it is completely written, which is after its reader has it.</summary>
    private static Task AnsweredAsync(RunningSystem system, SampleHost host, string route, long lookup, long legacy) =>
        Until.TrueAsync(
            async () =>
                await system.Admin.RouteAsync(route, Cancellation) is { } report
                && report.Lookup == lookup
                && report.Legacy == legacy,
            () => $"{route} was not answered as it should be.\n{string.Join('\n', host.Part.Lines)}\n{system.Words()}",
            TimeSpan.FromSeconds(10),
            Cancellation
        );

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }
}
