using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The system under test: two clusters, the legacy service, <c>strangler up</c>, and a writer.</summary>
internal sealed class SoakSystem : IAsyncDisposable
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WritePace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> SourceSettings = new()
    {
        ["wal_keep_size"] = "512MB",
        ["max_slot_wal_keep_size"] = "2GB",
        ["autovacuum"] = "off",
    };

    private readonly OwnFolder _folder = OwnFolder.Create("strangler-soak-");
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;

    private SoakSystem(PostgresServer source, PostgresServer store, Shop shop, Timeline timeline)
    {
        (SourceServer, StoreServer, Shop, Timeline) = (source, store, shop, timeline);
        (SourceData, StoreData) = (new(source), new(store));
        Gateway = Loopback();
        Up = new(ConfigFile);
    }

    public PostgresServer SourceServer { get; }

    public PostgresServer StoreServer { get; }

    public ServerData SourceData { get; }

    public ServerData StoreData { get; }

    public Shop Shop { get; }

    public Timeline Timeline { get; }

    public UpProcess Up { get; }

    public FrontDoor FrontDoor { get; } = new();

    public Uri Gateway { get; }

    public string ConfigFile => Path.Combine(_folder.Path, "strangler.json");

    /// <summary>Starts everything including the writer. Skips the test without PostgreSQL.</summary>
    public static async Task<SoakSystem> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var programs = PostgresPrograms.Find();
        if (programs is null)
            Assert.Skip("PostgreSQL's server programs aren't here: install Debian's 'postgresql'.");
        var source = await PostgresServer.StartAsync(programs, SourceSettings, TimeProvider.System, cancellationToken);
        var store = await PostgresServer.StartAsync(programs, null, TimeProvider.System, cancellationToken);
        var database = NpgsqlDataSource.Create(await MakeDatabaseAsync(source, cancellationToken));
        var timeline = new Timeline(ShopTables.Keys);
        var system = new SoakSystem(source, store, new(database, timeline, TimeProvider.System), timeline);
        foreach (var owned in new IAsyncDisposable[] { source, store, database, system.Up })
            system._owned.Push(owned);
        try
        {
            var strangler = await store.CreateDatabaseAsync("strangler", cancellationToken);
            await system.StartAsync(seed, strangler, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until this many more transactions have been committed, for some seconds: a fault may prevent them.
    /// </summary>
    public async Task WrittenAsync(int more, CancellationToken cancellationToken)
    {
        var (target, until) = (Shop.Written + more, Shop.Now + WriteLimit);
        bool IsOver() => Shop.Written >= target || Shop.Now > until;
        await Until.TrueAsync(() => Task.FromResult(IsOver()), () => "", cancellationToken);
    }

    /// <summary>Waits until the gateway answers anything at all, and tells the front door.</summary>
    public async Task OpenedAsync(CancellationToken cancellationToken)
    {
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    await RawExchange.Async(Gateway, "/x", "Connection: close\r\n", cancellationToken);
                    return true;
                }
                catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
                {
                    return false;
                }
            },
            () => $"The gateway did not answer again.\n{Up.LastLines(0)}",
            OpenLimit,
            cancellationToken
        );
        FrontDoor.Open(Shop.Now);
    }

    /// <summary>Takes a new snapshot, as the documentation says, while <c>strangler up</c> runs.</summary>
    public async Task ResnapshotAsync(CancellationToken cancellationToken)
    {
        await using var command = new RunningPart(
            "resnapshot",
            [.. RunningSystem.Strangler, "bridge", "--config", ConfigFile, "--resnapshot"]
        );
        command.Start();
        await Until.TrueAsync(
            () => Task.FromResult(command.HasExited),
            () => $"No new snapshot: {string.Join('\n', command.Lines)}",
            cancellationToken
        );
        Assert.True(command.ExitCode == 0, string.Join('\n', command.Lines));
    }

    /// <summary>Starts over, if nothing else has helped, so that later faults can be seen, too.</summary>
    public async Task RescueAsync(CancellationToken cancellationToken)
    {
        FrontDoor.Close(Shop.Now);
        await Up.EndAsync();
        Up.Start();
        await OpenedAsync(cancellationToken);
        await ResnapshotAsync(cancellationToken);
    }

    /// <summary>Comparison results of the route in shadow; null while the report isn't available.</summary>
    public async Task<Verdicts?> VerdictsAsync(CancellationToken cancellationToken)
    {
        var run = await CommandRun.Async("report", SoakConfiguration.Shadow, "--json", "--config", ConfigFile);
        cancellationToken.ThrowIfCancellationRequested();
        return run.Code == 0 ? Verdicts.Of(string.Join('\n', run.Output)) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _writing;
        }
        finally
        {
            while (_owned.TryPop(out var owned))
                await owned.DisposeAsync();
            Shop.Dispose();
            _folder.Dispose();
            _stop.Dispose();
        }
    }

    private async Task StartAsync(int seed, string store, CancellationToken cancellationToken)
    {
        var legacy = Loopback();
        await Shop.ExecuteAsync(ShopTables.Create, silent: false, cancellationToken);
        _owned.Push(await ShopService.StartAsync(legacy, Shop.Source, cancellationToken));
        var config = SoakConfiguration.Write(store, SourceServer.Port, legacy, Gateway, Loopback(), Loopback());
        await File.WriteAllTextAsync(ConfigFile, config, cancellationToken);
        var migrated = await CommandRun.Async("migrate", "--config", ConfigFile);
        Assert.True(migrated.Code == 0, string.Join('\n', migrated.Errors));
        FrontDoor.Close(TimeSpan.MinValue);
        Up.Start();
        _writing = Task.Run(() => WriteAsync(new(seed)), cancellationToken);
        await OpenedAsync(cancellationToken);
    }

    private async Task WriteAsync(ShopWriter writer)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await Shop.WriteAsync(writer.Draw(), _stop.Token);
                await Task.Delay(WritePace, TimeProvider.System, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The soak is over.
        }
    }

    private static async Task<string> MakeDatabaseAsync(PostgresServer source, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(source.ConnectionString()))
        {
            await using var role = server.CreateCommand(
                $"""
                create role {SoakConfiguration.Owner} login replication password '{SoakConfiguration.OwnerPassword}'
                """
            );
            await role.ExecuteNonQueryAsync(cancellationToken);
            await using var create = server.CreateCommand($"create database shop owner {SoakConfiguration.Owner}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        var superuser = source.ConnectionString("shop");
        await using (var database = NpgsqlDataSource.Create(superuser))
        {
            await using var schema = database.CreateCommand($"alter schema public owner to {SoakConfiguration.Owner}");
            await schema.ExecuteNonQueryAsync(cancellationToken);
        }
        return new NpgsqlConnectionStringBuilder(superuser)
        {
            Username = SoakConfiguration.Owner,
            Password = SoakConfiguration.OwnerPassword,
            MaxPoolSize = 60,
        }.ConnectionString;
    }

    private static Uri Loopback() => new($"http://127.0.0.1:{FreePort.Take()}/");
}
