using System.Globalization;
using Npgsql;
using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Clients that write to <see cref="Tables"/> and know what they wrote: rows as the statements returned them, and for
/// each transaction a token in a table that isn't captured, which is there if it has committed. Its id says less: after
/// a crash, the server gives ids again that it had not written down. Each client has keys of its own, so that the
/// changes of a key are in the order of their commits. They wait for a server that doesn't answer.
/// </summary>
internal sealed class HistoryWriter : IAsyncDisposable
{
    /// <summary>Two tables, one with a key of two columns and whole old rows in the stream; and the tokens.</summary>
    public const string Tables = """
        create table item (id int primary key, v int not null, note text);
        create table line (a int, b int, v int not null, primary key (a, b));
        alter table line replica identity full;
        create schema told;
        create table told.transaction (token bigint primary key)
        """;

    private const int Large = 1_000_000;

    private readonly NpgsqlDataSource _source;
    private readonly string _prefix;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(long Token, CommittedTransaction Transaction)> _transactions = [];
    private readonly List<Task> _writing;
    private readonly TimeSpan _pause;
    private long _written,
        _tokens;

    /// <param name="source">The database, which has the tables.</param>
    /// <param name="prefix">The topics' prefix.</param>
    /// <param name="seed">The same seed draws the same transactions.</param>
    /// <param name="clients">How many write at the same time.</param>
    /// <param name="pause">Between two transactions of a client.</param>
    public HistoryWriter(NpgsqlDataSource source, string prefix, int seed, int clients, TimeSpan pause)
    {
        (_source, _prefix, _pause) = (source, prefix, pause);
        _writing =
        [
            .. Enumerable.Range(0, clients).Select(client => Task.Run(() => WriteAsync(client, new(seed + client)))),
        ];
    }

    /// <summary>The key columns of each table.</summary>
    public static IReadOnlyList<(string Table, string Key)> Keys { get; } = [("item", "id"), ("line", "a, b")];

    /// <summary>Waits until this many more transactions have been written.</summary>
    public Task WroteAsync(int more, CancellationToken cancellationToken)
    {
        var target = Interlocked.Read(ref _written) + more;
        return Until.TrueAsync(
            () =>
                _writing.FirstOrDefault(one => one.IsFaulted) is { } faulted
                    ? Task.FromException<bool>(faulted.Exception!)
                    : Task.FromResult(Interlocked.Read(ref _written) >= target),
            () => $"{target} transactions were not written.",
            cancellationToken
        );
    }

    /// <summary>One transaction that makes and deletes that many rows, half of them in parts that roll back.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="parts">In how many subtransactions, of which every second is rolled back.</param>
    public async Task WriteLargeAsync(int rows, int parts, CancellationToken cancellationToken)
    {
        var (topic, changes) = ($"{_prefix}.public.item", new List<RowChange>());
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (token, xid) = await BeginAsync(connection, transaction);
        for (var part = 0; part < parts; part++)
        {
            var first = Large + (part * (rows / parts));
            await transaction.SaveAsync("part", cancellationToken);
            await using var insert = new NpgsqlCommand(
                $"insert into item as t select g, {part}, 'large' from generate_series({first}, "
                    + $"{first + (rows / parts) - 1}) g returning json_build_object('id', id)::jsonb::text, "
                    + "row_to_json(t)::text",
                connection,
                transaction
            );
            var made = new List<RowChange>();
            await using (var reader = await insert.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                    made.Add(new RowChange(topic, reader.GetString(0).Replace(" ", ""), "c", reader.GetString(1)));
            }
            if (part % 2 == 1)
                await transaction.RollbackAsync("part", cancellationToken);
            else
                changes.AddRange(made);
        }
        await using var delete = new NpgsqlCommand($"delete from item where id >= {Large}", connection, transaction);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        changes.AddRange([.. changes.Select(one => one with { Op = "d", Row = "" })]);
        Add(token, new CommittedTransaction(xid, changes));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends the clients, and asks the server what it has committed.</summary>
    public async Task<IReadOnlyList<CommittedTransaction>> EndAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var committed = await CommittedHistoryReader.TokensAsync(_source, cancellationToken);
        return [.. _transactions.Where(one => committed.Contains(one.Token)).Select(one => one.Transaction)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
    }

    private async Task WriteAsync(int client, Random random)
    {
        var made = new RandomChanges(client, random, _prefix);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await TransactionAsync(made, random);
                Interlocked.Increment(ref _written);
                if (_pause > TimeSpan.Zero)
                    await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
            }
            catch (NpgsqlException exception)
                when (exception is not PostgresException { SqlState: [var first, ..] } || first is '5' or '0')
            {
                // The server ends or starts. Whether the transaction has committed it says later.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task TransactionAsync(RandomChanges made, Random random)
    {
        await using var connection = await _source.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var (token, xid) = await BeginAsync(connection, transaction);
        var changes = new List<RowChange>();
        made.Begin();
        for (var left = random.Next(1, 7); left > 0; left--)
        {
            if (random.Next(5) != 0)
            {
                changes.AddRange(await made.NextAsync(connection, transaction));
                continue;
            }
            await transaction.SaveAsync("part", CancellationToken.None);
            var part = await made.NextAsync(connection, transaction);
            if (random.Next(2) == 0)
                await transaction.RollbackAsync("part", CancellationToken.None);
            else
                changes.AddRange(part);
        }
        Add(token, new CommittedTransaction(xid, changes));
        if (random.Next(8) == 0)
            await transaction.RollbackAsync(CancellationToken.None);
        else
            await transaction.CommitAsync(CancellationToken.None);
    }

    private void Add(long token, CommittedTransaction transaction)
    {
        lock (_transactions)
            _transactions.Add((token, transaction));
    }

    private async Task<(long Token, uint Xid)> BeginAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var token = Interlocked.Increment(ref _tokens);
        await using var begin = new NpgsqlCommand(
            "insert into told.transaction values ($1) returning pg_current_xact_id()::text",
            connection,
            transaction
        );
        begin.Parameters.AddWithValue(token);
        var xid = (string)(await begin.ExecuteScalarAsync(CancellationToken.None))!;
        return (token, (uint)ulong.Parse(xid, CultureInfo.InvariantCulture));
    }
}
