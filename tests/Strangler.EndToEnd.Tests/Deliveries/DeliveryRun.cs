using System.Text.Json;
using Confluent.Kafka;
using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// <c>strangler bridge --config connector.json --kafka …</c> as a team runs it that comes from Debezium: a real
/// process, on a database and topics of the test's own.
/// </summary>
internal sealed class DeliveryRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strangler-delivery-");
    private readonly Dictionary<string, string> _properties;

    private readonly string? _store;

    private DeliveryRun(string address, string prefix, string connection, string? store)
    {
        (Address, Prefix, Source, _store) = (address, prefix, NpgsqlDataSource.Create(connection), store);
        var database = new NpgsqlConnectionStringBuilder(connection);
        _properties = new Dictionary<string, string>
        {
            ["topic.prefix"] = prefix,
            ["database.hostname"] = database.Host!,
            ["database.port"] = $"{database.Port}",
            ["database.user"] = database.Username!,
            ["database.password"] = database.Password!,
            ["database.dbname"] = database.Database!,
            ["slot.name"] = prefix,
            ["publication.name"] = prefix,
            ["publication.autocreate.mode"] = "filtered",
            ["schema.include.list"] = "public",
        };
        if (store is null)
        {
            _properties["connector.class"] = "io.debezium.connector.postgresql.PostgresConnector";
            _properties["plugin.name"] = "pgoutput";
            _properties["topic.creation.default.partitions"] = "3";
            _properties["topic.creation.default.replication.factor"] = "1";
            foreach (var converter in new[] { "key.converter", "value.converter" })
            {
                _properties[converter] = "org.apache.kafka.connect.json.JsonConverter";
                _properties[$"{converter}.schemas.enable"] = "false";
            }
        }
        Bridge = new RunningPart("bridge", Command);
    }

    public string Address { get; }

    public string Prefix { get; }

    /// <summary>The database, as its owner.</summary>
    public NpgsqlDataSource Source { get; }

    public RunningPart Bridge { get; }

    /// <summary>The command line that starts the bridge.</summary>
    public IReadOnlyList<string> Command =>
        [
            .. RunningSystem.Strangler,
            "bridge",
            "--config",
            ConfigFile,
            .. _store is null ? new[] { "--kafka", Address } : [],
            "--until-input-ends",
        ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ConfigFile => Path.Combine(_folder.FullName, _store is null ? "connector.json" : "strangler.json");

    /// <summary>Makes the database; the bridge isn't started.</summary>
    /// <param name="servers">Where.</param>
    /// <param name="sql">Makes its tables.</param>
    /// <param name="properties">The connector's, in addition.</param>
    public static async Task<DeliveryRun> PrepareAsync(
        DeliveryServers servers,
        string sql,
        params (string Name, string Value)[] properties
    )
    {
        var address = await servers.StartAsync();
        var prefix = KafkaBroker.Name("delivery");
        var database = await servers.Source.CreateDatabaseAsync(prefix, Cancellation);
        var run = new DeliveryRun(address, prefix, database, null);
        await run.ExecuteAsync(sql);
        await run.ConfigureAsync(properties);
        return run;
    }

    /// <summary>The same in the format <c>strangler</c>: a log on Kafka, and a store beside it.</summary>
    public static async Task<DeliveryRun> PrepareWithStoreAsync(DeliveryServers servers, string sql)
    {
        var address = await servers.StartAsync();
        var prefix = KafkaBroker.Name("delivery");
        var database = await servers.Source.CreateDatabaseAsync(prefix, Cancellation);
        var store = await servers.Source.CreateDatabaseAsync($"{prefix}_store", Cancellation);
        var run = new DeliveryRun(address, prefix, database, store);
        await run.ExecuteAsync(sql);
        await run.ConfigureAsync();
        await using var migrate = new RunningPart(
            "migrate",
            [.. RunningSystem.Strangler, "migrate", "--config", run.ConfigFile]
        );
        migrate.Start();
        await migrate.WaitForExitAsync(Cancellation);
        Assert.True(migrate.ExitCode == ExitCode.Success, string.Join('\n', migrate.Lines));
        return run;
    }

    /// <summary>The same, with a bridge that streams.</summary>
    public static async Task<DeliveryRun> StartAsync(
        DeliveryServers servers,
        string sql,
        params (string Name, string Value)[] properties
    )
    {
        var run = await PrepareAsync(servers, sql, properties);
        await run.BeginAsync();
        return run;
    }

    /// <summary>Changes properties of the connector; the next start reads them.</summary>
    public async Task ConfigureAsync(params (string Name, string Value)[] properties)
    {
        foreach (var (name, value) in properties)
            _properties[name] = value;
        object file = _store is null
            ? new { name = Prefix, config = _properties }
            : new
            {
                Store = new { ConnectionString = _store },
                Source = _properties,
                Log = new
                {
                    Kafka = new Dictionary<string, string>
                    {
                        ["bootstrap.servers"] = Address,
                        ["topic.creation.default.partitions"] = "3",
                    },
                },
            };
        await File.WriteAllTextAsync(ConfigFile, JsonSerializer.Serialize(file), Cancellation);
    }

    /// <summary>Starts the bridge, and waits until it streams.</summary>
    public async Task BeginAsync(IReadOnlyDictionary<string, string?>? environment = null)
    {
        Bridge.Start(environment);
        await Bridge.WaitForLineAsync("The stream of slot", Cancellation);
    }

    /// <summary>Ends the bridge in good order, and waits until nobody reads the slot.</summary>
    public async Task StopAsync()
    {
        await Bridge.EndAsync();
        await Until.TrueAsync(
            () => ScalarAsync<bool>($"select not active from pg_replication_slots where slot_name = '{Prefix}'"),
            () => "The slot is still read.",
            Cancellation
        );
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>The server's process that reads the slot, as soon as one does.</summary>
    public async Task<int> WalsenderAsync()
    {
        var process = 0;
        await Until.TrueAsync(
            async () =>
                (
                    process = await ScalarAsync<int>(
                        $"select coalesce(max(active_pid), 0) from pg_replication_slots where slot_name = '{Prefix}'"
                    )
                ) > 0,
            () => $"Nobody reads the slot.\n{Words()}",
            Cancellation
        );
        return process;
    }

    /// <summary>Commits a transaction of the test's own.</summary>
    /// <param name="statements">
    /// The table, Debezium's letter, and a statement that returns the key and the row of each change as JSON.
    /// </param>
    /// <param name="end">Ends the transaction.</param>
    public async Task<CommittedTransaction> CommitAsync(
        string end = "commit",
        params (string Table, string Op, string Sql)[] statements
    )
    {
        var changes = new List<RowChange>();
        await using var connection = await Source.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand("begin", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        command.CommandText = "select pg_current_xact_id()::text";
        var xid = uint.Parse((string)(await command.ExecuteScalarAsync(Cancellation))!, null);
        foreach (var (table, op, sql) in statements)
        {
            command.CommandText = sql;
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            do
            {
                while (await reader.ReadAsync(Cancellation))
                    changes.Add(
                        new RowChange($"{Prefix}.public.{table}", reader.GetString(0), op, reader.GetString(1))
                    );
            } while (await reader.NextResultAsync(Cancellation));
        }
        command.CommandText = end;
        await command.ExecuteNonQueryAsync(Cancellation);
        return new CommittedTransaction(xid, changes);
    }

    /// <summary>Waits until the bridge ends by itself with a fault.</summary>
    /// <returns>All that it has said.</returns>
    public async Task<string> FaultAsync()
    {
        await Until.TrueAsync(
            () => Task.FromResult(Bridge.HasExited),
            () => $"The bridge did not end.\n{Words()}",
            Cancellation
        );
        await Bridge.WaitForExitAsync(Cancellation);
        Assert.Equal(ExitCode.Fault, Bridge.ExitCode);
        return Words();
    }

    /// <summary>Waits until the server has been told that everything committed so far is stored.</summary>
    public async Task CaughtUpAsync()
    {
        var target = await ScalarAsync<string>("select pg_current_wal_insert_lsn()::text");
        await Until.TrueAsync(
            () =>
            {
                Assert.False(Bridge.HasExited, Words());
                return ScalarAsync<bool>(
                    $"select confirmed_flush_lsn >= '{target}' from pg_replication_slots where slot_name = '{Prefix}'"
                );
            },
            () => $"The slot was not confirmed through {target}.\n{Words()}",
            Cancellation
        );
    }

    /// <summary>Where the topics end, once a bridge that was killed is not heard any more.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> EndsAsync()
    {
        // What it had sent may still be on its way into the topics: until they have stood still for a look.
        var (ends, before) = (DeliveryReader.Ends(Address, Prefix), -1L);
        await Until.TrueAsync(
            () =>
            {
                before = ends.Values.Sum();
                ends = DeliveryReader.Ends(Address, Prefix);
                return Task.FromResult(ends.Values.Sum() == before);
            },
            () => "The topics went on growing.",
            Cancellation
        );
        return ends;
    }

    /// <summary>Checks what is in Kafka, once everything is there.</summary>
    /// <param name="initial">The rows that were there at the snapshot.</param>
    /// <param name="transactions">What has committed since.</param>
    /// <param name="tables">The tables with their keys.</param>
    /// <param name="ends">
    /// For a format without the header that says the run: where the partitions ended when each run but the first began.
    /// </param>
    public async Task<DeliveryReport> CheckAsync(
        IReadOnlyList<RowChange> initial,
        IReadOnlyList<CommittedTransaction> transactions,
        IEnumerable<(string Table, string Key)> tables,
        params IReadOnlyList<IReadOnlyDictionary<TopicPartition, long>> ends
    )
    {
        await CaughtUpAsync();
        var rows = await CommittedHistoryReader.RowsAsync(Source, Prefix, tables, Cancellation);
        var report = DeliveryCheck.Of(
            new CommittedHistory(initial, transactions, rows),
            DeliveryReader.Read(Address, Prefix, ends)
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        return report;
    }

    /// <summary>The rows that are there now, as a snapshot reads them.</summary>
    public async Task<IReadOnlyList<RowChange>> InitialAsync(params (string Table, string Key)[] tables) =>
        [
            .. (await CommittedHistoryReader.RowsAsync(Source, Prefix, tables, Cancellation)).Select(
                row => new RowChange(row.Key.Topic, row.Key.Key, "r", row.Value)
            ),
        ];

    /// <summary>Starts clients that write to <see cref="HistoryWriter.Tables"/>.</summary>
    public HistoryWriter Write(int seed, int clients = 3, int pauseMilliseconds = 5) =>
        new(Source, Prefix, seed, clients, TimeSpan.FromMilliseconds(pauseMilliseconds));

    /// <summary>Ends the clients, and checks what is in Kafka of what they have committed.</summary>
    public async Task<DeliveryReport> CheckAsync(
        HistoryWriter writer,
        params IReadOnlyList<IReadOnlyDictionary<TopicPartition, long>> ends
    )
    {
        var transactions = await writer.EndAsync(Cancellation);
        Assert.NotEmpty(transactions);
        return await CheckAsync([], transactions, HistoryWriter.Keys, ends);
    }

    /// <summary>The bridge's output, for the message of a failed assertion.</summary>
    public string Words() => string.Join('\n', Bridge.Lines.TakeLast(30));

    public async ValueTask DisposeAsync()
    {
        await Bridge.DisposeAsync();
        try
        {
            // Slots belong to the server, and hold back the log of all tests.
            await using var drop = Source.CreateCommand(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
                    + $"where slot_name = '{Prefix}' and not active"
            );
            await drop.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // It is just being taken, or the server has been ended.
        }
        await Source.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
