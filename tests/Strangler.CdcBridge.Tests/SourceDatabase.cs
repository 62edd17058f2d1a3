using Npgsql;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A test's own legacy database.</summary>
internal sealed class SourceDatabase : IAsyncDisposable
{
    private SourceDatabase(string connectionString) =>
        (ConnectionString, Data) = (connectionString, NpgsqlDataSource.Create(connectionString));

    public string ConnectionString { get; }

    public NpgsqlDataSource Data { get; }

    public string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    /// <summary>The slot of this database: slots belong to the cluster, so each test has its own.</summary>
    public string Slot => $"slot_{Name}";

    public static async Task<SourceDatabase> CreateAsync(PostgresFixture postgres, string sql) =>
        await OpenAsync(await postgres.CreateDatabaseAsync("source"), sql);

    /// <summary>A database with its own encoding.</summary>
    public static async Task<SourceDatabase> CreateAsync(PostgresFixture postgres, string encoding, string sql)
    {
        var any = await postgres.CreateDatabaseAsync("source");
        var builder = new NpgsqlConnectionStringBuilder(any);
        var name = $"{builder.Database}_{encoding.ToLowerInvariant()}";
        await using (var data = NpgsqlDataSource.Create(any))
        {
            await using var command = data.CreateCommand(
                $"create database {name} encoding '{encoding}' lc_collate 'C' lc_ctype 'C' template template0"
            );
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        builder.Database = name;
        return await OpenAsync(builder.ConnectionString, sql);
    }

    public static async Task<SourceDatabase> OpenAsync(string connectionString, string sql)
    {
        var source = new SourceDatabase(connectionString);
        await source.ExecuteAsync(sql);
        return source;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        command.CommandTimeout = 60;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Returns when the bridge has told the server twice how far it is, which it does each second.</summary>
    public async Task RepliedTwiceAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var sql = $"""
            select coalesce(max(r.reply_time), 'epoch') from pg_stat_replication r
            join pg_replication_slots s on s.active_pid = r.pid where s.slot_name = '{Slot}'
            """;
        var (replies, last) = (0, await ScalarAsync<DateTime>(sql));
        while (replies < 2)
        {
            if (await ScalarAsync<DateTime>(sql) is var reply && reply != last)
                (replies, last) = (replies + 1, reply);
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// The position through which the slot is confirmed, and the one from which the server would decode again.
    /// </summary>
    public async Task<(Lsn Confirmed, Lsn Restart)> SlotAsync()
    {
        var slot = await ScalarAsync<string>(
            $"""
            select confirmed_flush_lsn || ' ' || restart_lsn from pg_replication_slots where slot_name = '{Slot}'
            """
        );
        return (Lsn.Parse(slot.Split(' ')[0]), Lsn.Parse(slot.Split(' ')[1]));
    }

    /// <summary>Debezium's properties for this database, under <c>Source:</c>.</summary>
    public Dictionary<string, string?> Properties(params IEnumerable<(string Name, string? Value)> changes)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        var properties = new Dictionary<string, string?>
        {
            ["Store:ConnectionString"] = ConnectionString,
            ["Source:topic.prefix"] = "shop",
            ["Source:database.hostname"] = builder.Host,
            ["Source:database.port"] = $"{builder.Port}",
            ["Source:database.user"] = builder.Username,
            ["Source:database.password"] = builder.Password,
            ["Source:database.dbname"] = builder.Database,
            ["Source:slot.name"] = Slot,
            ["Source:publication.name"] = "strangler",
        };
        foreach (var (name, value) in changes)
            properties[name] = value;
        return properties;
    }

    /// <summary>
    /// Slots belong to the cluster, which has few, and each holds back the write-ahead log of all tests.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = Data.CreateCommand(
                """
                select pg_drop_replication_slot(slot_name) from pg_replication_slots
                where database = current_database() and not active
                """
            );
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // A test's own server has been stopped, or the slot has just been taken again.
        }
        await Data.DisposeAsync();
    }
}
