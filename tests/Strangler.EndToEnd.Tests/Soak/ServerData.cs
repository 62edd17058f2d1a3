using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The data folder of a stopped cluster: it is copied, restored, and given another history.</summary>
internal sealed class ServerData(PostgresServer server)
{
    private readonly string _folder = Path.GetDirectoryName(server.LogFile)!;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Copies it.</summary>
    public Task CopyAsync(CancellationToken cancellationToken) =>
        RunAsync(
            """
            rm -rf "$1/copy"; cp -a "$1/data" "$1/copy"
            """,
            cancellationToken
        );

    /// <summary>Replaces it with the copy.</summary>
    public Task PutBackAsync(CancellationToken cancellationToken) =>
        RunAsync(
            """
            rm -rf "$1/data"; mv "$1/copy" "$1/data"
            """,
            cancellationToken
        );

    /// <summary>
    /// Replaces it with the copy, to be recovered from the write-ahead log of what it replaces, and to begin a new
    /// timeline there: a standby that is promoted, or a point-in-time recovery.
    /// </summary>
    /// <param name="keepSlots">Whether the slots are kept in their last state.</param>
    /// <param name="target">The end of the recovery; null: the log's end.</param>
    public Task PutBackRecoveredAsync(bool keepSlots, string? target, CancellationToken cancellationToken) =>
        RunAsync(
            """
            set -e
            rm -rf "$1/wal"; mv "$1/data/pg_wal" "$1/wal"
            rm -rf "$1"/copy/pg_replslot/*
            [[ $2 != True ]] || cp -a "$1"/data/pg_replslot/. "$1/copy/pg_replslot/"
            rm -rf "$1/data"; mv "$1/copy" "$1/data"
            {
                echo "restore_command = 'cp $1/wal/%f %p'"
                echo "recovery_target_action = 'promote'"
                [[ -z $3 ]] || echo "recovery_target_lsn = '$3'"
            } >"$1/data/postgresql.auto.conf"
            touch "$1/data/recovery.signal"
            chown --reference="$1/data" "$1/data/recovery.signal" "$1/data/postgresql.auto.conf"
            """,
            cancellationToken,
            $"{keepSlots}",
            target ?? ""
        );

    /// <summary>The processes of the server, the first of them last.</summary>
    public IReadOnlyList<int> Processes()
    {
        var first = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), null);
        return [.. Signals.ChildrenOf(first), first];
    }

    private async Task RunAsync(string script, CancellationToken cancellationToken, params string[] arguments)
    {
        string[] command = ["bash", "-c", script, "data", _folder, .. arguments];
        var (code, output) = await ProgramRun.Async(command, cancellationToken);
        Assert.True(code == 0, output);
    }
}
