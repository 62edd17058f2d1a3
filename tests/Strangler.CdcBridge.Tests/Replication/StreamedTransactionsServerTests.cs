using Npgsql;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Wire;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>The same for what a server really sends.</summary>
public sealed class StreamedTransactionsServerTests(PostgresFixture postgres)
{
    private const int Clients = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MoveNextAsync_TransactionsLargerThanTheServersMemory_GivesWhatVersion1Gives()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table a (id int, v text, primary key (id));
            create table b (id int, v text, primary key (id));
            alter table b replica identity full;
            create table done (id int primary key);
            create publication p for all tables
            """
        );
        var (whole, streaming) = ($"{source.Slot}_1", $"{source.Slot}_2");
        foreach (var slot in new[] { whole, streaming })
            await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => WriteAsync(source, client, seed: client + 1)));
        await source.ExecuteAsync("insert into done values (1)");
        var folder = Directory.CreateTempSubdirectory("strangler-spill-");

        var expected = await ReadAsync(source, whole, null);
        using var streamed = new StreamedTransactions(folder.FullName, long.MaxValue);
        var given = await ReadAsync(source, streaming, streamed);

        Assert.Equal(expected.Frames, given.Frames);
        Assert.Equal(0, expected.Spilled);
        Assert.NotEqual(0, given.Spilled);
        folder.Delete();
        foreach (var slot in new[] { whole, streaming })
            await source.ScalarAsync<object>($"select pg_drop_replication_slot('{slot}')");
    }

    /// <summary>Overlapping transactions with savepoints, some of which roll back.</summary>
    private static async Task WriteAsync(SourceDatabase source, int client, int seed)
    {
        var random = new Random(seed);
        var next = client * 1_000_000;
        for (var i = 0; i < 12; i++)
        {
            await using var connection = await source.Data.OpenConnectionAsync(Cancel);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            var savepoints = 0;
            for (var step = random.Next(1, 25); step > 0; step--)
            {
                var rows = random.Next(1, 120);
                var sql = random.Next(12) switch
                {
                    0 or 1 => $"savepoint s{savepoints++}",
                    2 when savepoints > 0 => $"rollback to savepoint s{random.Next(savepoints)}",
                    3 when savepoints > 0 => $"release savepoint s{savepoints - 1}",
                    4 => $"update b set v = v || 'x' where id between {client * 1_000_000} and {next} and id % 7 = 0",
                    5 => $"delete from a where id between {client * 1_000_000} and {next} and id % 11 = 0",
                    6 => $"select pg_logical_emit_message(true, 'other', '{i}')",
                    _ => $"insert into {(random.Next(2) == 0 ? "a" : "b")} select g, repeat('{step}', 150) "
                        + $"from generate_series({next}, {(next += rows) - 1}) g",
                };
                if (sql.StartsWith("rollback", StringComparison.Ordinal))
                    savepoints = int.Parse(sql.Split('s')[^1], null) + 1;
                else if (sql.StartsWith("release", StringComparison.Ordinal))
                    savepoints--;
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                await command.ExecuteNonQueryAsync(Cancel);
            }
            if (random.Next(5) == 0)
                await transaction.RollbackAsync(Cancel);
            else
                await transaction.CommitAsync(Cancel);
        }
    }

    /// <summary>All frames but descriptions, until the last transaction; and the most that was spilled.</summary>
    private static async Task<(List<string> Frames, long Spilled)> ReadAsync(
        SourceDatabase source,
        string slot,
        StreamedTransactions? streamed
    )
    {
        var connection = new NpgsqlConnectionStringBuilder(source.ConnectionString)
        {
            Options = "-c logical_decoding_work_mem=64kB",
        };
        await using var stream = await ReplicationStream.OpenAsync(
            source.Data,
            connection.ConnectionString,
            slot,
            "p",
            streamed,
            Cancel
        );
        var (frames, spilled, done) = (new List<string>(), 0L, 0u);
        while (await stream.MoveNextAsync())
        {
            spilled = Math.Max(spilled, stream.Spilled);
            if (FrameKind.Describes(stream.Frame) is { } shape)
            {
                done = shape.Table == "done" ? shape.Oid : done;
                continue;
            }
            frames.Add(Written(stream));
            if (done != 0 && stream.Frame[0] == (byte)CommitMessage.Kind)
                break;
        }
        return (frames, spilled);

        // The frames that begin and end a transaction have no change's place.
        static string Written(ReplicationStream stream) =>
            (char)stream.Frame[0] is BeginMessage.Kind or CommitMessage.Kind
                ? Convert.ToHexString(stream.Frame)
                : $"{stream.FrameLsn} {Convert.ToHexString(stream.Frame)}";
    }
}
