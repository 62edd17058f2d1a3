using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary><c>strangler up</c> with its real parts.</summary>
public sealed class UpTests
{
    private static readonly string[] Parts = ["bridge", "projections", "gateway"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_PartsAndItselfKilled_StartsPartsAgainAndLeavesNone()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        await using var up = Up(system);
        up.Start();
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);

        foreach (var part in Parts)
        {
            var child = await ProcessIdAsync(up, part, 1);
            Assert.True(Runs(child), $"{part} ended by itself.\n{string.Join('\n', up.Lines)}");
            using var process = Process.GetProcessById(child);
            process.Kill();
        }
        var children = await Task.WhenAll(Parts.Select(part => ProcessIdAsync(up, part, 2)));
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);

        await up.KillAsync();
        foreach (var child in children) await Until.TrueAsync(() => Task.FromResult(!Runs(child)), () => $"Process {child} outlived 'strangler up'.\n{string.Join('\n', up.Lines)}", Cancellation);
    }

    [Fact]
    public async Task Up_AskedToEnd_EndsItsPartsAndExitsWithZero()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        await using var up = Up(system);
        up.Start();
        await system.GatewayServesAsync(Cancellation);
        var children = await Task.WhenAll(Parts.Select(part => ProcessIdAsync(up, part, 1)));

        await up.EndAsync();

        Assert.Equal(ExitCode.Success, up.ExitCode);
        Assert.All(children, child => Assert.False(Runs(child)));
        Assert.DoesNotContain(up.Lines, line => line.Contains("was killed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Up_WherePortIsTaken_SaysSoEndsItsPartsAndExitsWithTwo()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        using var other = new TcpListener(IPAddress.Loopback, system.AdminAddress.Port);
        other.Start();
        await using var up = Up(system);

        up.Start();
        await up.WaitForExitAsync(Cancellation);

        Assert.Equal(ExitCode.Fault, up.ExitCode);
        Assert.StartsWith("strangler: Gateway:Admin: ", up.Lines.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(up.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        foreach (var part in Parts) Assert.False(Runs(await ProcessIdAsync(up, part, 1)));
    }

    private static RunningPart Up(RunningSystem system) => new("up", [.. RunningSystem.Strangler, "up", "--config", system.ConfigFile, "--until-input-ends"]);

    /// <summary>The process id of a part in its n-th run.</summary>
    private static async Task<int> ProcessIdAsync(RunningPart up, string part, int n)
    {
        var text = $"| {part} runs as process ";
        string? line = null;
        await Until.TrueAsync(() => Task.FromResult((line = up.Lines.Where(line => line.Contains(text, StringComparison.Ordinal)).Skip(n - 1).FirstOrDefault()) is not null),
            () => $"'strangler up' did not start {part} {n} times.\n{string.Join('\n', up.Lines)}", Cancellation);
        return int.Parse(line![(line!.IndexOf(text, StringComparison.Ordinal) + text.Length)..^1], CultureInfo.InvariantCulture);
    }

    private static bool Runs(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
