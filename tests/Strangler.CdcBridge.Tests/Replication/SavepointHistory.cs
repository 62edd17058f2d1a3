using Npgsql;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>
/// Overlapping transactions with nested savepoints, released and rolled back, that change, truncate and alter
/// tables: the same for each seed, since one statement is executed at a time.
/// </summary>
/// <param name="mark">
/// Called before each rollback: what is undone has been sent then, as far as it is sent before a commit.
/// </param>
internal sealed class SavepointHistory(SourceDatabase source, int seed, Func<string, Task> mark) : IAsyncDisposable
{
    /// <summary>The last mark, which the caller sets.</summary>
    public const string End = "end";

    private const int Clients = 3;
    private const int Steps = 90;

    private readonly Random _random = new(seed);
    private readonly Client?[] _clients = new Client?[Clients];
    private int _next;

    /// <summary>Each client has its own tables, so that none waits for another one.</summary>
    public static string Tables { get; } =
        string.Join(
            "; ",
            Enumerable
                .Range(0, Clients)
                .Select(client =>
                    $"""
                        create table a{client} (id int primary key, v text, m mood);
                        create table b{client} (id int, v text);
                        alter table b{client} replica identity full
                        """
                )
        );

    /// <summary>All transactions have ended then.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        for (var step = 0; step < Steps; step++)
            await StepAsync(_random.Next(Clients), cancellationToken);
        for (var client = 0; client < Clients; client++)
            await EndAsync(client, isCommitted: true, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await (client?.Connection.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StepAsync(int number, CancellationToken cancellationToken)
    {
        var client = _clients[number] ??= await BeginAsync(cancellationToken);
        var savepoints = client.Savepoints;
        switch (_random.Next(20))
        {
            case 0:
                await EndAsync(number, _random.Next(3) > 0, cancellationToken);
                return;
            case 1 or 2 or 3 or 4:
                savepoints.Add($"s{++_next}");
                await client.ExecuteAsync($"savepoint s{_next}", cancellationToken);
                return;
            case 5 or 6 when savepoints.Count > 0:
                var undone = _random.Next(savepoints.Count);
                await MarkAsync();
                await client.ExecuteAsync($"rollback to savepoint {savepoints[undone]}", cancellationToken);
                savepoints.RemoveRange(undone + 1, savepoints.Count - undone - 1);
                return;
            case 7 or 8 when savepoints.Count > 0:
                var released = _random.Next(savepoints.Count);
                await client.ExecuteAsync($"release savepoint {savepoints[released]}", cancellationToken);
                savepoints.RemoveRange(released, savepoints.Count - released);
                return;
            default:
                await client.ExecuteAsync(Change(number), cancellationToken);
                return;
        }
    }

    private string Change(int client)
    {
        var table = $"{(_random.Next(2) == 0 ? "a" : "b")}{client}";
        var rows = _random.Next(1, 200);
        return _random.Next(14) switch
        {
            0 => $"update {table} set v = v || 'x' where id % 7 = 0",
            1 => $"update {table} set id = -id where id % 13 = 0",
            2 => $"delete from {table} where id % 11 = 0",
            3 => $"truncate {table}",
            4 => $"truncate a{client}, b{client}",
            5 => $"alter table {table} add column c{++_next} int default {_next}",
            6 => $"alter table {table} alter column v type varchar({1_000 + ++_next}) using v || ''", // written again
            _ => $"insert into {table} (id, v) select g, repeat('{rows % 10}', 150) "
                + $"from generate_series({_next}, {(_next += rows) - 1}) g",
        };
    }

    private async Task EndAsync(int number, bool isCommitted, CancellationToken cancellationToken)
    {
        if (_clients[number] is not { } client)
            return;
        await MarkAsync();
        await client.ExecuteAsync(isCommitted ? "commit" : "rollback", cancellationToken);
        await client.Connection.DisposeAsync();
        _clients[number] = null;
    }

    private Task MarkAsync() => mark($"{++_next}");

    private async Task<Client> BeginAsync(CancellationToken cancellationToken)
    {
        var client = new Client(await source.Data.OpenConnectionAsync(cancellationToken));
        await client.ExecuteAsync("begin", cancellationToken);
        return client;
    }

    private sealed record Client(NpgsqlConnection Connection)
    {
        public List<string> Savepoints { get; } = [];

        public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, Connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
