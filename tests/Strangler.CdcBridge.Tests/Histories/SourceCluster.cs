using System.Diagnostics;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Demo.Postgres;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>
/// A test's own source cluster whose data may be copied, put back, promoted and recovered to a point, always at the
/// same address.
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

    /// <summary>Advances the server's write position without a row that anybody publishes.</summary>
    public async Task PassAsync(Lsn target)
    {
        while (await InsertLsnAsync() <= target)
            await Source.ExecuteAsync("select pg_logical_emit_message(false, 'test', repeat('x', 1000000))");
    }

    /// <summary>A crash, or an orderly shutdown.</summary>
    public Task StopAsync(bool immediate = false) => _server.StopAsync(immediate, Cancel);

    public async Task StartAgainAsync()
    {
        await _server.StartAgainAsync(Cancel);
        Source.Data.Clear();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Source.ScalarAsync<bool>("select pg_is_in_recovery()"))
            limit.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Copies the data directory; the server is stopped for it and started again.</summary>
    public async Task CopyAsync(string name)
    {
        await StopAsync();
        await RunAsync("cp", "-a", Data, Path.Combine(Folder, name));
        await StartAgainAsync();
    }

    /// <summary>Replaces the stopped server's data with a copy; the data is kept as <c>before</c>.</summary>
    public async Task PutBackAsync(string name)
    {
        await RunAsync("mv", Data, Path.Combine(Folder, "before"));
        await RunAsync("mv", Path.Combine(Folder, name), Data);
    }

    /// <summary>
    /// Replaces this cluster's data with a copy of another cluster's, both stopped, as when somebody copies a data
    /// directory to another host: same system identifier, another address.
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

    /// <summary>A base backup of the running server, as for a standby.</summary>
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
    /// Replaces the stopped server's data with a backup and recovers it like a standby that is then promoted: from
    /// everything that the old primary wrote, or only through <paramref name="target"/>.
    /// </summary>
    /// <param name="slot">The slot that is copied from the old primary, as failover tools do; null for none.</param>
    /// <param name="until">
    /// What must have happened before the server, a standby until then, is promoted; null to promote it as it starts.
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
            // Including the write-ahead log that it still needs, which may be before the backup.
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

    /// <summary>The command prefix that runs a program as the owner of the data.</summary>
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
