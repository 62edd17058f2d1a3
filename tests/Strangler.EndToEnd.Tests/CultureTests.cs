using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>Parts with different culture data: what one computed, the other doesn't serve, and says so.</summary>
public sealed class CultureTests
{
    private const string Switch = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";
    private static readonly Dictionary<string, string?> Invariant = new() { [Switch] = "1" };
    private static readonly Dictionary<string, string?> Usual = new() { [Switch] = null };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_RunsInvariantBesideProjectionsWithIcu_SaysSoEverywhereAndAsksLegacy()
    {
        Assert.SkipWhen(
            CultureData.Name == CultureData.Invariant,
            "ICU is not on this machine: install Debian's 'libicu' package. Parts with other cultures were not tried."
        );
        var computed = $"Its documents were computed with {CultureData.Name}, and this";
        var difference =
            $"{computed} gateway runs without the data of cultures (invariant), so that look-ups go to legacy. "
            + $"Install {CultureData.Name} (libicu) where this gateway runs";
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        system.Bridge.Start(Usual);
        system.Projections.Start(Usual);
        system.Gateway.Start(Invariant);
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        await system.Gateway.WaitForLineAsync(difference, Cancellation);
        await system.SourceVerifiedAsync(Cancellation);

        using var answer = await system.GatewayHttp.GetAsync("/api/items/000001", Cancellation);
        var health = await system.Admin.HealthAsync(Cancellation);
        var item = await system.Admin.RouteAsync("item", Cancellation);
        var routes = await CommandRun.Async("routes", "--config", system.ConfigFile);
        var (asInvariant, asUsual) = (await CheckAsync(system, Invariant), await CheckAsync(system, Usual));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal((0, 1), (item.Lookup, item.Reasons.GetValueOrDefault("other-version")));
        Assert.Contains(difference, Assert.Single(item.ProjectionTroubles), StringComparison.Ordinal);
        Assert.Equal(
            ["ItemAvailability", "ItemDetails"],
            health.Projections.Select(projection => projection.Projection)
        );
        Assert.All(
            health.Projections,
            projection => Assert.StartsWith(difference, Assert.Single(projection.Troubles), StringComparison.Ordinal)
        );
        Assert.Contains(
            routes.Output,
            line => line.StartsWith($"ItemDetails: {computed} gateway", StringComparison.Ordinal)
        );
        Assert.Contains(
            system.Gateway.Lines,
            line => line.EndsWith("The part 'gateway' begins; cultures: invariant.", StringComparison.Ordinal)
        );
        Assert.Contains(
            asInvariant,
            line => line.StartsWith($"warning: ItemDetails: {computed} command", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(asUsual, line => line.Contains("cultures (invariant)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_RunsInvariantBesideProjectionsWithIcu_SaysSoAndAsksLegacy()
    {
        Assert.SkipWhen(
            CultureData.Name == CultureData.Invariant,
            "ICU is not on this machine: install Debian's 'libicu' package. A host with other cultures was not tried."
        );
        var difference =
            $"Its documents were computed with {CultureData.Name}, and this gateway runs without the data of cultures "
            + "(invariant), so that look-ups go to legacy.";
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        await using var host = new SampleHost(system);
        system.Bridge.Start(Usual);
        system.Projections.Start(Usual);
        host.Part.Start(Invariant);
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await system.AgesKnownAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        await host.Part.WaitForLineAsync(difference, Cancellation);
        using var anna = await host.SignInAsync("anna");

        var answer = await anna.GetStringAsync("/api/items/000001", Cancellation);
        var item = await system.Admin.RouteAsync("item", Cancellation);

        Assert.Equal(await system.LegacyHttp.GetStringAsync("/api/items/000001", Cancellation), answer);
        Assert.Equal((0, 1), (item.Lookup, item.Reasons.GetValueOrDefault("other-version")));
        Assert.StartsWith(difference, Assert.Single(item.ProjectionTroubles), StringComparison.Ordinal);
        Assert.Contains(
            host.Part.Lines,
            line => line.EndsWith("Strangler begins in this host; cultures: invariant.", StringComparison.Ordinal)
        );
    }

    private static async Task<IReadOnlyCollection<string>> CheckAsync(
        RunningSystem system,
        Dictionary<string, string?> environment
    )
    {
        IReadOnlyList<string> command = [.. RunningSystem.Strangler, "check", "--config", system.ConfigFile];
        await using var check = new RunningPart("check", command);
        check.Start(environment);
        await check.WaitForExitAsync(Cancellation);
        Assert.True(check.ExitCode == ExitCode.Success, string.Join('\n', check.Lines));
        return check.Lines;
    }
}
