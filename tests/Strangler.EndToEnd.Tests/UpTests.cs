using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Strangler.Cli;
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
        foreach (var child in children)
            await Until.TrueAsync(
                () => Task.FromResult(!Runs(child)),
                () => $"Process {child} outlived 'strangler up'.\n{string.Join('\n', up.Lines)}",
                Cancellation
            );
    }

    [Fact]
    public async Task Up_AskedToEnd_EndsItsPartsAndExitsWithZero()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        await using var up = Up(system);
        up.Start();
        await system.GatewayServesAsync(Cancellation);
        await system.CaughtUpAsync(Cancellation); // so that all parts have begun to work
        var children = await Task.WhenAll(Parts.Select(part => ProcessIdAsync(up, part, 1)));

        await up.EndAsync();

        Assert.Equal(ExitCode.Success, up.ExitCode);
        Assert.All(children, child => Assert.False(Runs(child)));
        Assert.DoesNotContain(up.Lines, line => line.Contains("was killed", StringComparison.Ordinal));
    }

    /// <summary>Only faults of the configuration itself end it, and it reports all of them.</summary>
    [Fact]
    public async Task Up_FaultsOfTheConfiguration_SaysThemAndExitsWithTwoBeforeAnyPartRuns()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        await using var up = Up(system);

        up.Start(
            new Dictionary<string, string?>
            {
                ["STRANGLER__Source__slot.name"] = "Not A Slot",
                ["STRANGLER__Gateway__Admin"] = "http://example.org:1",
            }
        );
        await up.WaitForExitAsync(Cancellation);

        Assert.Equal(ExitCode.Fault, up.ExitCode);
        Assert.Contains(up.Lines, line => line.StartsWith("strangler: Source:slot.name: ", StringComparison.Ordinal));
        Assert.Contains(up.Lines, line => line.StartsWith("strangler: Gateway:Admin: ", StringComparison.Ordinal));
        Assert.All(up.Lines, line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("store down", "No PostgreSQL answers at")]
    [InlineData("slot dropped", "slot 'strangler': It was dropped.")]
    public Task Up_FaultAtTheStart_TheDoorIsOpenAndTheFaultIsSaid(string fault, string sentence) =>
        StandsAsync(fault, sentence, atStart: true);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("source down", "No PostgreSQL answers at")]
    // The bridge waits for it, and names the statement.
    [InlineData(
        "publication dropped",
        "The publication 'strangler' does not exist, so that the stream cannot be read; waiting for it. Run: CREATE"
    )]
    [InlineData("not migrated", "Run 'strangler migrate'.")]
    [InlineData("newer store", "which is newer than the")]
    [InlineData("wrong login", "'nobody'")]
    [InlineData("assembly broken", "is not a .NET assembly")]
    [InlineData("moments taken", "Projections:Moments: Can't listen on the address")]
    public Task Up_OtherFaultAtTheStart_TheDoorIsOpenAndTheFaultIsSaid(string fault, string sentence) =>
        StandsAsync(fault, sentence, atStart: true);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("store down", "No PostgreSQL answers at")]
    [InlineData("source down", null)] // the bridge reconnects by itself, and its log says so
    [InlineData("slot dropped", null)] // nothing was committed since: a new epoch begins by itself
    // The bridge waits for it, because its login can't create it.
    [InlineData("publication dropped", "The publication 'strangler' does not exist, so that the stream cannot be read")]
    public Task Up_FaultUnderWay_TheDoorStaysOpenAndTheFaultIsSaid(string fault, string? sentence) =>
        StandsAsync(fault, sentence, atStart: false);

    /// <summary>
    /// An admin API port that is in use prevents nobody from being served, and is used as soon as it is free.
    /// </summary>
    [Fact]
    public async Task Up_PortOfTheAdminApiTaken_TheDoorIsOpenAndItIsSaid()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        var other = new TcpListener(IPAddress.Loopback, system.AdminAddress.Port);
        other.Start();
        await using var up = Up(system);
        up.Start();

        await AnswersAsync(system, up);
        await up.WaitForLineAsync("The admin API doesn't serve: Gateway:Admin: ", Cancellation);
        other.Stop();

        await system.GatewayServesAsync(Cancellation);
        Assert.False(up.HasExited);
    }

    private static async Task StandsAsync(string fault, string? sentence, bool atStart)
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        await using var up = Up(system);
        var variables = new Dictionary<string, string?>();
        if (atStart)
        {
            if (fault is "slot dropped" or "publication dropped")
                await FirstRunAsync(system);
            await BreakAsync(system, fault, variables, taken);
            up.Start(variables);
        }
        else
        {
            up.Start();
            await system.CaughtUpAsync(Cancellation);
            await BreakAsync(system, fault, variables, taken);
        }

        await AnswersAsync(system, up);
        if (sentence is not null)
        {
            await Until.TrueAsync(
                async () => (await SaidAsync(system)).Any(said => said.Contains(sentence, StringComparison.Ordinal)),
                () => $"Nobody was told '{sentence}'.\n{string.Join('\n', up.Lines)}",
                Cancellation
            );
        }
        if (fault == "store down")
        {
            File.Delete(system.StoreServer.LogFile); // starts over
            await system.StoreServer.StartAgainAsync(Cancellation);
            await system.CaughtUpAsync(Cancellation); // the parts come back by themselves
        }
        await AnswersAsync(system, up);
        Assert.False(up.HasExited);
        Assert.DoesNotContain(up.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    /// <summary>All faults that 'strangler routes' would show.</summary>
    private static async Task<IReadOnlyList<string>> SaidAsync(RunningSystem system)
    {
        try
        {
            var routes = await system.Admin.RoutesAsync(Cancellation);
            var health = await system.Admin.HealthAsync(Cancellation);
            Assert.Equal("serving", health.Status);
            var troubles = routes.Routes.SelectMany(route => route.ProjectionTroubles);
            return
            [
                .. routes.Parts.SelectMany(part => PartText.Sentences(part, TimeProvider.System.GetUtcNow())),
                .. routes.GatewayFaults,
                .. troubles,
                routes.StoreTrouble ?? "",
            ];
        }
        catch (FaultException)
        {
            return [];
        }
    }

    /// <summary>Waits for the first answer through the gateway, which is the legacy system's own.</summary>
    private static Task AnswersAsync(RunningSystem system, RunningPart up) =>
        Until.TrueAsync(
            async () =>
            {
                try
                {
                    using var through = await system.GatewayHttp.GetAsync("/api/items/000001", Cancellation);
                    using var direct = await system.LegacyHttp.GetAsync("/api/items/000001", Cancellation);
                    return through.StatusCode == direct.StatusCode
                        && await through.Content.ReadAsStringAsync(Cancellation)
                            == await direct.Content.ReadAsStringAsync(Cancellation);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"The gateway did not answer as legacy does.\n{string.Join('\n', up.Lines)}",
            Cancellation
        );

    /// <summary>The log is filled and the slot exists, as after any run.</summary>
    private static async Task FirstRunAsync(RunningSystem system)
    {
        system.Bridge.Start();
        await system.Bridge.WaitForLineAsync("The stream of slot", Cancellation);
        await system.Bridge.EndAsync();
        // What a dropped slot loses: if nothing is lost, a new epoch begins by itself.
        await ExecuteAsync(system.Source, "update item set name = name || '.' where sku = '000002'");
    }

    private static async Task BreakAsync(
        RunningSystem system,
        string fault,
        Dictionary<string, string?> variables,
        TcpListener taken
    )
    {
        switch (fault)
        {
            case "store down":
                await system.StoreServer.StopAsync(immediate: true, Cancellation);
                break;
            case "source down":
                await system.SourceServer.StopAsync(immediate: true, Cancellation);
                break;
            case "slot dropped":
                await ExecuteAsync(
                    system.Source,
                    "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null"
                );
                await Until.TrueAsync(
                    async () =>
                    {
                        try
                        {
                            await ExecuteAsync(system.Source, "select pg_drop_replication_slot('strangler')");
                            return true;
                        }
                        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
                        {
                            await ExecuteAsync(
                                system.Source,
                                "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid "
                                    + "is not null"
                            );
                            return false;
                        }
                    },
                    () => "The slot stayed in use.",
                    Cancellation
                );
                break;
            case "publication dropped":
                await ExecuteAsync(system.Source, "drop publication strangler");
                await ExecuteAsync(
                    system.Source,
                    "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null"
                );
                break;
            case "not migrated":
                await ExecuteAsync(
                    system.Store,
                    "drop schema gateway cascade; drop schema projections cascade; drop schema log cascade; drop "
                        + "table public.strangler_schema"
                );
                break;
            case "newer store":
                await ExecuteAsync(system.Store, "update public.strangler_schema set version = 999");
                break;
            case "wrong login":
                variables["STRANGLER__Store__ConnectionString"] =
                    "Host=127.0.0.1;"
                    + $"Port={new NpgsqlConnectionStringBuilder(system.StoreServer.ConnectionString()).Port};"
                    + "Username=nobody;Password=wrong;Database=postgres";
                break;
            case "assembly broken":
                variables["STRANGLER__Projections__Assemblies__0"] = Path.Combine(
                    Path.GetDirectoryName(system.ConfigFile)!,
                    "broken.dll"
                );
                await File.WriteAllTextAsync(
                    variables["STRANGLER__Projections__Assemblies__0"]!,
                    "not an assembly",
                    Cancellation
                );
                break;
            case "moments taken":
                taken.Start();
                variables["STRANGLER__Projections__Moments"] =
                    $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static RunningPart Up(RunningSystem system) =>
        new("up", [.. RunningSystem.Strangler, "up", "--config", system.ConfigFile, "--until-input-ends"]);

    /// <summary>The process id of a part in its n-th run.</summary>
    private static async Task<int> ProcessIdAsync(RunningPart up, string part, int n)
    {
        var text = $"| The part '{part}' runs as process ";
        string? line = null;
        await Until.TrueAsync(
            () =>
                Task.FromResult(
                    (
                        line = up
                            .Lines.Where(line => line.Contains(text, StringComparison.Ordinal))
                            .Skip(n - 1)
                            .FirstOrDefault()
                    )
                        is not null
                ),
            () => $"'strangler up' did not start {part} {n} times.\n{string.Join('\n', up.Lines)}",
            Cancellation
        );
        return int.Parse(
            line![(line!.IndexOf(text, StringComparison.Ordinal) + text.Length)..^1],
            CultureInfo.InvariantCulture
        );
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
