using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Shop;
using Shop.Database;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Services;

public sealed class CommandTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Command_AllAndOneAlone_ServeUntilTheyAreTerminated()
    {
        var (connectionString, portFile) = (
            await postgres.CreateDatabaseAsync("command"),
            Path.Combine(Directory.CreateTempSubdirectory("shop-").FullName, "ports.json")
        );
        using var all = Run(
            "--seed",
            "--items",
            "20",
            "--all",
            "--port-file",
            portFile,
            "--database",
            connectionString,
            "--fail",
            "site=0",
            "--latency",
            "site=0",
            "--cache-seconds",
            "0"
        );
        await ReadyAsync(all);
        var peers = JsonSerializer.Deserialize<Dictionary<string, Uri>>(
            await File.ReadAllTextAsync(portFile, Cancelled)
        )!;
        using var merchant = Run(
            "--service",
            "offer",
            "--port",
            "0",
            "--peers",
            portFile,
            "--database",
            connectionString
        );
        var address = await ReadyAsync(merchant);
        using var http = new HttpClient();

        var together = await http.GetStringAsync(new Uri(peers["offer"], "/offers/000001?site=de"), Cancelled);
        var alone = await http.GetStringAsync(new Uri(address["offer"], "/offers/000001?site=de"), Cancelled);
        using var front = await http.GetAsync(
            new Uri(peers["item-availability"], "/api/items/000001/availability?area=CH"),
            Cancelled
        );

        Assert.Equal(23, peers.Count);
        Assert.Equal(together, alone);
        Assert.True(front.IsSuccessStatusCode);
        Assert.Equal(0, await TerminateAsync(merchant));
        Assert.Equal(0, await TerminateAsync(all));
    }

    [Fact]
    public async Task Seed_WithTheSameTime_IsTheSameData()
    {
        var now = new DateTimeOffset(2026, 3, 11, 21, 17, 40, TimeSpan.Zero);

        var (one, other) = (await DigestAsync(now), await DigestAsync(now));

        Assert.Equal(one, other);
    }

    [Fact]
    public async Task Command_SeedOnce_FillsAnEmptyDatabaseAndLeavesAFullOneAsItIs()
    {
        var connectionString = await postgres.CreateDatabaseAsync("once");
        await using var database = NpgsqlDataSource.Create(connectionString);

        var first = await Command.RunAsync(["--seed-once", "--items", "20", "--database", connectionString]);
        var again = await Command.RunAsync(["--seed-once", "--items", "30", "--database", connectionString]);

        Assert.Equal((0, 0), (first, again));
        await using var count = database.CreateCommand("select count(*) from item");
        Assert.Equal(20L, await count.ExecuteScalarAsync(Cancelled));
    }

    [Theory]
    [InlineData("--service", "nobody")]
    [InlineData("--port", "many")]
    [InlineData("--latency", "item")]
    [InlineData("--fail", "item=2")]
    [InlineData("--traffic", "nowhere")]
    [InlineData("--nonsense", "x")]
    [InlineData("--all", "--items")]
    public void Options_ThatMakeNoSense_AreASentence(params string[] args) =>
        Assert.NotEmpty(Assert.Throws<CommandException>(() => CommandOptions.Parse(args)).Message);

    private async Task<string> DigestAsync(DateTimeOffset now)
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("digest"));
        await ShopDatabase.SeedAsync(database, 100, now, Cancelled);
        var digests = ShopDatabase.Tables.Select(table =>
            $"(select md5(string_agg(t::text, '|' order by t::text)) from {table} t)"
        );
        await using var command = database.CreateCommand($"select concat_ws(' ', {string.Join(", ", digests)})");
        return (string)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private static Process Run(params string[] args)
    {
        string[] words = [typeof(CommandOptions).Assembly.Location, .. args];
        return Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("dotnet did not start.");
    }

    private static async Task<Dictionary<string, Uri>> ReadyAsync(Process process)
    {
        var addresses = new Dictionary<string, Uri>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == "ready")
                return addresses;
            if (line.Split(' ') is [var service, var address])
                addresses[service] = new(address);
        }
        throw new InvalidOperationException("The process ended before it was ready.");
    }

    private static async Task<int> TerminateAsync(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Patience);
        _ = kill(process.Id, 15);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int process, int signal);
}
