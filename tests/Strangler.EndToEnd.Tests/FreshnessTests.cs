using System.Net;
using System.Text.Json;
using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// A route with <c>Freshness: strict</c>, every part a real process: no read that begins after a commit returned misses
/// it, whatever writes, and whatever is killed.
/// </summary>
public sealed class FreshnessTests
{
    private const string Route = "item";
    private const string Sku = "000001";
    private const int Items = 40;
    private const int Writes = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Strict_ReadAfterEachCommit_SeesIt(string synchronous)
    {
        await using var system = await StartAsync(patience: "00:00:20");
        await using var writer = await WriterAsync(system, synchronous);

        for (var number = 0; number < Writes; number++)
        {
            await WriteAsync(writer, number);
            Assert.Equal(NameOf(number), await ReadAsync(system));
        }

        var figures = (await system.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == Route);
        Assert.Equal((Writes, Writes), (figures.Lookup.Count, figures.Freshness!.Count));
    }

    /// <summary>
    /// What was written last is neither on disk nor in a table of the publication, and belongs to a transaction that
    /// doesn't end.
    /// </summary>
    [Fact]
    public async Task Strict_WhileOthersWrite_IsAnsweredByTheLookup()
    {
        await using var system = await StartAsync(patience: "00:00:20");
        await ExecuteAsync(system, "create table noise (a int)");
        await using var writer = await WriterAsync(system, "off");
        await using var open = await system.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await open.BeginTransactionAsync(Cancellation);

        for (var number = 0; number < Writes; number++)
        {
            await WriteAsync(writer, number);
            await using (var write = new NpgsqlCommand("insert into noise values (1)", open, transaction))
                await write.ExecuteNonQueryAsync(Cancellation);
            Assert.Equal(NameOf(number), await ReadAsync(system));
        }

        var figures = (await system.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == Route);
        Assert.Equal(Writes, figures.Lookup.Count);
    }

    /// <summary>Values are rewritten without any row event.</summary>
    [Fact]
    public async Task Strict_ReadAfterATableWasRewritten_IsNotOfTheTableBefore()
    {
        await using var system = await StartAsync(patience: "00:00:00.2500000");
        await using var writer = await WriterAsync(system, "on");
        await WriteAsync(writer, 0);
        Assert.Equal(NameOf(0), await ReadAsync(system));

        for (var number = 1; number <= 5; number++)
        {
            await ExecuteAsync(system, $"alter table item alter column name type text using '{NameOf(number)}'");
            Assert.Equal(NameOf(number), await ReadAsync(system));
        }
    }

    [Fact]
    public Task Strict_PartsKilledUnderWrites_NeverMissesACommit() => KillAsync(kills: 4);

    [Fact]
    [Trait("Category", "Long")]
    public Task Strict_PartsKilledManyTimesUnderWrites_NeverMissesACommit() => KillAsync(kills: 40);

    private static async Task KillAsync(int kills)
    {
        await using var system = await StartAsync(patience: "00:00:00.2500000");
        var random = new Random(Seeds.Next());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = ReadAfterWritesAsync(system, ended.Token);

        for (var kill = 0; kill < kills; kill++)
        {
            var part = random.Next(2) == 0 ? system.Bridge : system.Projections;
            await part.KillAsync();
            await RoundAsync(random.Next(1, 10));
            part.Start();
            await system.SourceVerifiedAsync(Cancellation);
            await RoundAsync(random.Next(1, 30));
        }
        await system.CaughtUpAsync(Cancellation);
        await RoundAsync(50);
        await ended.CancelAsync();
        await reading;

        var figures = (await system.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == Route);
        Assert.True(figures.Lookup.Count > 0, "The lookup answered nothing.");

        // as many reads as wanted, unless one was wrong
        async Task RoundAsync(int reads)
        {
            var until = Volatile.Read(ref _reads) + reads;
            await Until.TrueAsync(
                () => Task.FromResult(Volatile.Read(ref _reads) >= until || reading.IsCompleted),
                () => $"Nothing is read.\n{system.Words()}",
                Cancellation
            );
            if (reading.IsCompleted)
                await reading;
        }
    }

    private static int _reads;

    private static async Task ReadAfterWritesAsync(RunningSystem system, CancellationToken cancellationToken)
    {
        await using var writer = await WriterAsync(system, "off");
        for (var number = 0; !cancellationToken.IsCancellationRequested; number++)
        {
            await WriteAsync(writer, number);
            Assert.Equal(NameOf(number), await ReadAsync(system));
            Interlocked.Increment(ref _reads);
        }
    }

    private static async Task<RunningSystem> StartAsync(string patience)
    {
        var system = await RunningSystem.PrepareAsync(Items, Cancellation);
        try
        {
            await system.ConfigureRoutesAsync(
                section =>
                {
                    section["Freshness"] = "strict";
                    section["FreshnessTimeout"] = patience;
                },
                Cancellation
            );
            foreach (var part in system.Parts)
                part.Start();
            await system.CaughtUpAsync(Cancellation);
            await system.GatewayServesAsync(Cancellation);
            await system.AgesKnownAsync(Cancellation);
            await system.ForceLookupAsync(Route, Cancellation);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    private static string NameOf(int number) => $"Name {number}";

    private static async Task<NpgsqlConnection> WriterAsync(RunningSystem system, string synchronous)
    {
        var connection = await system.Source.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand($"set synchronous_commit = {synchronous}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private static async Task WriteAsync(NpgsqlConnection writer, int number)
    {
        await using var command = new NpgsqlCommand("update item set name = $1 where sku = $2", writer)
        {
            Parameters =
            {
                new() { Value = NameOf(number) },
                new() { Value = Sku },
            },
        };
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string?> ReadAsync(RunningSystem system)
    {
        using var answer = await system.GatewayHttp.GetAsync(
            new Uri($"/api/items/{Sku}", UriKind.Relative),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return document.RootElement.GetProperty("name").GetString();
    }

    private static async Task ExecuteAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
