using System.Diagnostics;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Demo.Postgres;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>
/// A source cluster of a test's own whose data may be copied, put back, promoted and recovered to a point, always at
/// the same address.
/// </summary>
internal sealed class SourceCluster : IAsyncDisposable
{
    /// <summary>A table of fifty rows, for <see cref="StartAsync"/>.</summary>
    public const string FiftyItems =
        "create table item (id int primary key, v int); insert into item select g, 0 from generate_series(1, 50) g";

    private readonly PostgresPrograms _programs;
    private readonly PostgresServer _server;

    private SourceCluster(PostgresPrograms programs, PostgresServer server, SourceDatabase source) =>
        (_programs, _server, Source) = (programs, server, source);

    public SourceDatabase Source { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => Path.GetDirectoryName(_server.LogFile)!;

    private string Data => Path.Combine(Folder, "data");

    public static async Task<SourceCluster> StartAsync(PostgresFixture postgres, string sql)
    {
        _ = postgres.Server; // skips, with the reason, where there are no server programs
        var programs = PostgresPrograms.Find()!;
        var server = await PostgresServer.StartAsync(programs, null, TimeProvider.System, Cancel);
        return new SourceCluster(
            programs,
            server,
            await SourceDatabase.OpenAsync(await server.CreateDatabaseAsync("shop", Cancel), sql)
        );
    }

    public async Task<Lsn> InsertLsnAsync() =>
        Lsn.Parse(await Source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));

    /// <summary>Moves the server's write position on without a row that anybody publishes.</summary>
    public async Task PassAsync(Lsn target)
    {
        while (await InsertLsnAsync() <= target)
            await Source.ExecuteAsync("select pg_logical_emit_message(false, 'test', repeat('x', 1000000))");
    }

    /// <summary>A crash, or an end in good order.</summary>
    public Task StopAsync(bool immediate = false) => _server.StopAsync(immediate, Cancel);

    public async Task StartAgainAsync()
    {
        await _server.StartAgainAsync(Cancel);
        Source.Data.Clear();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Source.ScalarAsync<bool>("select pg_is_in_recovery()"))
            limit.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Copies the data directory, for which the server is stopped and started again.</summary>
    public async Task CopyAsync(string name)
    {
        await StopAsync();
        await RunAsync("cp", "-a", Data, Path.Combine(Folder, name));
        await StartAgainAsync();
    }

    /// <summary>Puts a copy in the place of the stopped server's data; that is kept as <c>before</c>.</summary>
    public async Task PutBackAsync(string name)
    {
        await RunAsync("mv", Data, Path.Combine(Folder, "before"));
        await RunAsync("mv", Path.Combine(Folder, name), Data);
    }

    /// <summary>
    /// Puts a copy of another cluster's data in the place of this one's, both stopped, as somebody does who copies a
    /// data directory to another host: same system identifier, another address.
    /// </summary>
    public async Task BecomeCopyOfAsync(SourceCluster other)
    {
        await RunAsync("rm", "-rf", Data);
        await RunAsync("cp", "-a", other.Data, Data);
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), [$"port = {_server.Port}"], Cancel);
        await File.WriteAllLinesAsync(
            Path.Combine(Data, "pg_hba.conf"),
            ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
            Cancel
        ); // its passwords are the other's
    }

    /// <summary>A base backup of the running server, as a standby begins with.</summary>
    public async Task BackUpAsync(string name) =>
        await RunAsync([
            .. AsOwner(),
            _programs["pg_basebackup"],
            "-d",
            Connection(),
            "-D",
            Path.Combine(Folder, name),
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
        ]);

    /// <summary>
    /// Puts a backup in the place of the stopped server's data and recovers it as a standby does that is then promoted:
    /// from all that the old primary wrote, or through <paramref name="target"/> only.
    /// </summary>
    /// <param name="slot">The slot that is copied from the old primary, as tools for failover do; null: none.</param>
    /// <param name="until">
    /// What must have come before the server, which is a standby so far, is promoted; null: it is promoted as it
    /// starts.
    /// </param>
    public async Task TakeOverAsync(string name, Lsn? target = null, string? slot = null, Func<Task>? until = null)
    {
        await PutBackAsync(name);
        var before = Path.Combine(Folder, "before");
        var lines = new List<string>
        {
            $"restore_command = 'cp {before}/pg_wal/%f %p'",
            "recovery_target_action = 'promote'",
        };
        if (target is { } at)
            lines.Add($"recovery_target_lsn = '{at}'");
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), lines, Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(Data, until is null ? "recovery.signal" : "standby.signal"),
            "",
            Cancel
        );
        if (slot is not null)
        {
            // With the write-ahead log that it still needs, which may lie before the backup.
            await RunAsync("cp", "-a", $"{before}/pg_replslot/{slot}", $"{Data}/pg_replslot/");
            await RunAsync("cp", "-an", $"{before}/pg_wal/.", $"{Data}/pg_wal/");
        }
        if (until is not null)
        {
            await _server.StartAgainAsync(Cancel);
            Source.Data.Clear();
            await until();
            await Source.ExecuteAsync("select pg_promote()");
        }
        else
        {
            await StartAgainAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
    }

    private string Connection()
    {
        var builder = new NpgsqlConnectionStringBuilder(Source.ConnectionString);
        return $"host={builder.Host} port={builder.Port} user={builder.Username} password={builder.Password}";
    }

    /// <summary>The words before a program that make it run as the owner of the data.</summary>
    private static string[] AsOwner() =>
        !Environment.IsPrivilegedProcess ? []
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? ["setpriv", "--reuid=postgres", "--init-groups", "--regid=postgres", "--"]
        : ["setpriv", "--reuid=nobody", "--init-groups", "--regid=nogroup", "--"];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, WorkingDirectory = "/" }
        )!;
        var errors = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        if (process.ExitCode != 0)
            Assert.Fail($"'{string.Join(' ', command)}': {errors}");
    }
}
