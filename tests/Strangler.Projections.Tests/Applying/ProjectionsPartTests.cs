using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Projections.Loading;
using Strangler.Projections.Tests.Versions;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// The part as it is started in production: configuration, a team's assembly, the embedded log, the store, and what a
/// gateway reads from it.
/// </summary>
public sealed class ProjectionsPartTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-part-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_CommittedRows_AreAnsweredUntilCancelled()
    {
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        var configuration = Configuration(store);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync(
            (SampleTables.Stock, [StockRow("a", 3)]),
            (SampleTables.Warehouse, [("""{"id":"w"}""", """{"id":"w","is_open":true}""")])
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = ProjectionsPart.RunAsync(configuration, NullLoggerFactory.Instance, stop.Token);
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        var projection = Assert.Single(ProjectionCatalog.Load(configuration)).Id;
        await UntilAsync(source.End);
        var open = await answers.FindAsync(projection, ["a", "nobody"], TestContext.Current.CancellationToken);
        var closed = await source.CommitAsync(
            SourceLog.Update(SampleTables.Warehouse, """{"id":"w"}""", """{"id":"w","is_open":false}""")
        );
        await UntilAsync(closed);
        var after = await answers.FindAsync(projection, ["a"], TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        Assert.Equal(ExitCode.Success, await running);
        Assert.Equal("""{"quantity":3}""", Text(open.Found[0]));
        Assert.IsType<Found.Absent>(open.Found[1]);
        Assert.Equal("""{"quantity":0}""", Text(after.Found[0]));
        Assert.Equal(closed, ((Found.Document)after.Found[0]).Touched);

        async Task UntilAsync(Position position)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(60));
            while (
                (await answers.WatermarkAsync("ItemAvailability", stop.Token))?.Position != position
                || ((await answers.FindAsync(projection, ["a"], stop.Token)).Found[0] is Found.Miss)
            )
            {
                if (running.IsCompleted)
                    Assert.Fail($"It ended with {await running}.");
                await log.WaitAsync(SourceLog.Source, source.End, TimeSpan.FromMilliseconds(20), stop.Token);
            }
            stop.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Two that are started again whenever they end would take the checkpoint from each other in turns.
    /// </summary>
    [Fact]
    public async Task RunAsync_WhileAnotherRuns_WaitsUntilThatOneEnds()
    {
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        var configuration = Configuration(store);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync((SampleTables.Stock, [StockRow("a", 3)]), (SampleTables.Warehouse, []));
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var first = ProjectionsPart.RunAsync(configuration, NullLoggerFactory.Instance, stopFirst.Token);
        await UntilAsync(async () => await FenceAsync() == 1 && await IsAppliedAsync(), first);

        using var said = new SaidLogger();
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var second = ProjectionsPart.RunAsync(configuration, said, stopSecond.Token);
        await UntilAsync(() => Task.FromResult(!said.Lines.IsEmpty), first, second);
        await source.CommitAsync(
            SourceLog.Insert(SampleTables.Warehouse, """{"id":"w"}""", """{"id":"w","is_open":true}""")
        );
        await UntilAsync(IsAppliedAsync, first, second);
        var fence = await FenceAsync();
        await stopFirst.CancelAsync();
        var ended = await first;
        await UntilAsync(async () => await FenceAsync() == 2, second);
        await stopSecond.CancelAsync();

        Assert.Equal(
            "Another 'strangler projections' of 'shop' runs. This one waits until it ends.",
            said.Lines.First()
        );
        Assert.Equal((1, ExitCode.Success, ExitCode.Success), (fence, ended, await second));

        async Task<bool> IsAppliedAsync() =>
            (await answers.WatermarkAsync("ItemAvailability", limit.Token))?.Position == source.End;

        async Task<long> FenceAsync()
        {
            await using var command = store.CreateCommand("select max(fence) from projections.checkpoint");
            return await command.ExecuteScalarAsync(limit.Token) as long? ?? 0;
        }

        async Task UntilAsync(Func<Task<bool>> holds, params Task<int>[] running)
        {
            while (!await holds())
            {
                foreach (var one in running.Where(one => one.IsCompleted))
                    Assert.Fail($"It ended with {await one}.");
                await log.WaitAsync(SourceLog.Source, source.End, TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
    }

    [Fact]
    public async Task RunAsync_AKeyOverruns_EndsToBeStartedAgainAndIsAMissFromThenOn()
    {
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        var configuration = Configuration(store, "00:00:01");
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync((SampleTables.Stock, [StockRow("stuck", 3)]), (SampleTables.Warehouse, []));

        var code = await ProjectionsPart.RunAsync(
            configuration,
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCode.StartAgain, code);
        var projection = Assert.Single(ProjectionCatalog.Load(configuration)).Id;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var running = ProjectionsPart.RunAsync(configuration, NullLoggerFactory.Instance, stop.Token);
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        while ((await answers.WatermarkAsync("ItemAvailability", stop.Token))?.Position != source.End)
            await log.WaitAsync(SourceLog.Source, source.End, TimeSpan.FromMilliseconds(20), stop.Token);
        var lookup = await answers.FindAsync(projection, ["stuck"], TestContext.Current.CancellationToken);
        Assert.Equal(MissReason.Quarantined, Assert.IsType<Found.Miss>(lookup.Found[0]).Reason);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Success, await running);
    }

    [Fact]
    public async Task RunAsync_StoreNotMigrated_SaysSo()
    {
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            ProjectionsPart.RunAsync(
                Configuration(store),
                NullLoggerFactory.Instance,
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("strangler migrate", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            "strangler migrate",
            Assert
                .Single(await ProjectionsCheck.CheckAsync(Configuration(store), TestContext.Current.CancellationToken))
                .WayOut,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "revoke all on projections.checkpoint from refused_{0}",
        "is not permitted: permission denied for table checkpoint"
    )]
    [InlineData(
        "alter database {0} set default_transaction_read_only = on",
        "takes no writes: cannot execute INSERT in a read-only transaction"
    )]
    [InlineData(
        "create function refuse() returns trigger language plpgsql as "
            + "$$ begin raise exception 'No space left on device' using errcode = '53100'; end $$; "
            + "create trigger refuse before update on projections.checkpoint for each row execute function refuse()",
        "has no room left: No space left on device"
    )]
    public async Task RunAsync_StoreRefuses_IsAFaultThatNamesTheStore(string sql, string sentence)
    {
        var connection = new NpgsqlConnectionStringBuilder(await MigratedAsync());
        var role = $"refused_{connection.Database}";
        await using (var owner = NpgsqlDataSource.Create(connection.ConnectionString))
        {
            await using var command = owner.CreateCommand(
                $"""
                create role {role} login password 'p';
                grant all on schema projections, log to {role};
                grant all on all tables in schema projections, log, public to {role};
                grant all on all sequences in schema projections, log to {role};
                {sql.Replace("{0}", connection.Database, StringComparison.Ordinal)}
                """
            );
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await using var store = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection.ConnectionString)
            {
                Username = role,
                Password = "p",
            }.ConnectionString
        );
        var configuration = Configuration(store);
        configuration["Store:ConnectionString"] += ";Password=p";

        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            ProjectionsPart
                .RunAsync(
                    configuration,
                    NullLoggerFactory.Instance,
                    TimeSpan.FromSeconds(2),
                    TestContext.Current.CancellationToken
                )
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        var fault = Assert.Single(exception.Faults);
        Assert.Equal("Store:ConnectionString", fault.Path);
        Assert.Contains(sentence, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AColumnGoesAndComesBack_AnswersAgainWithoutBeingStartedAgain()
    {
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        var configuration = Configuration(store);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync(
            (SampleTables.Stock, [StockRow("a", 3)]),
            (SampleTables.Warehouse, [("""{"id":"w"}""", """{"id":"w","is_open":true}""")])
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var running = ProjectionsPart.RunAsync(configuration, NullLoggerFactory.Instance, stop.Token);
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        var projection = Assert.Single(ProjectionCatalog.Load(configuration)).Id;
        await UntilAsync(found => found is Found.Document);

        await source.CommitAsync(
            SourceLog.Described(
                SampleTables.Stock with
                {
                    InDoubt = true,
                    Columns = [.. SampleTables.Stock.Columns.Where(column => column.Name != "on_hand")],
                }
            )
        );
        await UntilAsync(found => found is Found.Miss { Reason: MissReason.Stopped });
        await source.CommitAsync(SourceLog.Described(SampleTables.Stock with { InDoubt = true }));
        await source.RereadAsync(SourceLog.Reading(SampleTables.Stock, StockRow("a", 9)));
        await UntilAsync(found => found is Found.Document && Text(found) == """{"quantity":9}""");

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Success, await running);

        async Task UntilAsync(Func<Found, bool> wanted)
        {
            while (!wanted((await answers.FindAsync(projection, ["a"], stop.Token)).Found[0]))
            {
                if (running.IsCompleted)
                    Assert.Fail($"It ended with {await running}.");
                await log.WaitAsync(SourceLog.Source, source.End, TimeSpan.FromMilliseconds(20), stop.Token);
            }
        }
    }

    [Fact]
    public async Task CheckAsync_NoDatabaseAndABadLimit_SaysBoth()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(postgres.ConnectionString("nowhere"))
                    {
                        Pooling = false,
                    }.ConnectionString,
                    ["Source:topic.prefix"] = "shop",
                    ["Projections:KeyLimit"] = "never",
                }
            )
            .Build();

        var faults = await ProjectionsCheck.CheckAsync(configuration, TestContext.Current.CancellationToken);

        Assert.Equal(["Projections:KeyLimit", "Store:ConnectionString"], faults.Select(fault => fault.Path).Order());
        Assert.Contains(faults, fault => fault.Problem.Contains("'nowhere' does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckAsync_SourceThatLacksADeclaredColumn_SaysSoAndNothingWhereTheSourceIsNotKnown()
    {
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        var unfit = SampleTables.Stock with
        {
            Columns = [.. SampleTables.Stock.Columns.Where(column => column.Name != "on_hand")],
        };

        Assert.Empty(await CheckAsync(null));
        Assert.Empty(await CheckAsync([new(SampleTables.Stock, null), new(SampleTables.Warehouse, null)]));
        Assert.Equal(
            "public.stock.on_hand",
            Assert.Single(await CheckAsync([new(unfit, null), new(SampleTables.Warehouse, null)])).Path
        );

        Task<IReadOnlyList<Fault>> CheckAsync(IReadOnlyList<SourceTable>? tables) =>
            ProjectionsCheck.CheckAsync(Configuration(store), tables, TestContext.Current.CancellationToken);
    }

    private async Task<string> MigratedAsync()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var store = NpgsqlDataSource.Create(connection);
        await StoreMigration.MigrateAsync(
            store,
            [EmbeddedLogSchema.Value, ProjectionsSchema.Value],
            TestContext.Current.CancellationToken
        );
        return connection;
    }

    private IConfiguration Configuration(NpgsqlDataSource store, string keyLimit = "00:05:00")
    {
        var assembly = Path.Combine(_folder, "Team.dll");
        if (!File.Exists(assembly))
            Compiler.Compile(_folder, "Team", [("Team.cs", TeamSource.Text)], typeof(IResponder).Assembly.Location);
        return new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(store.ConnectionString)
                    {
                        Password = new NpgsqlConnectionStringBuilder(postgres.ConnectionString()).Password,
                    }.ConnectionString,
                    ["Source:topic.prefix"] = SourceLog.Source,
                    ["Projections:Assemblies:0"] = assembly,
                    ["Projections:KeyLimit"] = keyLimit,
                }
            )
            .Build();
    }

    private static (string Key, string Row) StockRow(string sku, int onHand) =>
        ($$"""{"sku":"{{sku}}"}""", $$"""{"sku":"{{sku}}","on_hand":{{onHand}},"warehouse_id":"w"}""");

    private static string Text(Found found) =>
        System.Text.Encoding.UTF8.GetString(Assert.IsType<Found.Document>(found).Bytes.Span);
}
