using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.EndToEnd.Tests.Harness;

namespace Strangler.EndToEnd.Tests.Soak.Faults;

/// <summary>Servers crash, hang, or return in an earlier state.</summary>
internal static class ServerFaults
{
    private const string FlushedThrough = "select pg_current_wal_flush_lsn()::text";

    private const string EndStream = """
        select count(pg_terminate_backend(active_pid)) from pg_replication_slots
        where slot_name = 'strangler' and active
        """;

    private const string DropSlot = """
        select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots
        where slot_name = 'strangler' and not active
        """;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(6);

    private const SoakSubjects AllServers = SoakSubjects.Up | SoakSubjects.Source | SoakSubjects.Store;

    /// <summary>
    /// A restored source also restores what was done to its tables at that time, whatever has undone it since.
    /// </summary>
    private const SoakSubjects Everything = AllServers | SoakSubjects.Tables;

    public static IReadOnlyList<SoakFault> Own { get; } =
    [
        new("source crashes", CrashSourceAsync) { Subjects = SoakSubjects.Source },
        new("source hangs", HangSourceAsync) { Subjects = SoakSubjects.Source },
        new("store crashes", CrashStoreAsync) { Subjects = SoakSubjects.Store },
        new("store hangs", HangStoreAsync) { Subjects = SoakSubjects.Store },
    ];

    public static IReadOnlyList<SoakFault> History { get; } =
    [
        new("source rolled back on its timeline", RollBackAsync) { Subjects = Everything },
        new("source rolled back while the bridge hangs", RollBackUnseenAsync) { Subjects = Everything },
        Recovered("source failed over, slot kept", keepSlots: true, early: false),
        Recovered("source failed over, slot lost", keepSlots: false, early: false),
        Recovered("source recovered to a time before, slot kept", keepSlots: true, early: true),
        Recovered("source recovered to a time before, slot lost", keepSlots: false, early: true),
        new("store put back to an older copy", PutStoreBackAsync) { Subjects = AllServers },
        new("slot dropped", DropSlotAsync) { Subjects = AllServers },
        new("new snapshot asked for", ResnapshotAsync) { Subjects = AllServers },
    ];

    private static Task ResnapshotAsync(SoakSystem system, Random random, CancellationToken cancellationToken) =>
        system.ResnapshotAsync(cancellationToken);

    private static Task CrashSourceAsync(SoakSystem system, Random random, CancellationToken cancellationToken) =>
        ChangeSourceAsync(system, () => CrashAsync(system.SourceServer, cancellationToken), cancellationToken);

    private static Task HangSourceAsync(SoakSystem system, Random random, CancellationToken cancellationToken) =>
        ChangeSourceAsync(system, () => HangAsync(system, system.SourceData, cancellationToken), cancellationToken);

    private static Task HangStoreAsync(SoakSystem system, Random random, CancellationToken cancellationToken) =>
        HangAsync(system, system.StoreData, cancellationToken);

    private static async Task CrashAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        await server.StopAsync(immediate: true, cancellationToken);
        await server.StartAgainAsync(cancellationToken);
    }

    private static async Task CrashStoreAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        await system.StoreServer.StopAsync(immediate: true, cancellationToken);
        await system.WrittenAsync(random.Next(60), cancellationToken);
        await system.StoreServer.StartAgainAsync(cancellationToken);
    }

    private static async Task HangAsync(SoakSystem system, ServerData data, CancellationToken cancellationToken)
    {
        var processes = data.Processes();
        await Signals.SendAsync("STOP", processes, cancellationToken);
        try
        {
            // Longer than an answer may be old; the elapsed time is the condition.
            var until = system.Shop.Now + Hang;
            await Until.TrueAsync(() => Task.FromResult(system.Shop.Now > until), () => "", cancellationToken);
        }
        finally
        {
            await Signals.SendAsync("CONT", processes, CancellationToken.None);
        }
    }

    /// <summary>
    /// The data folder is copied while the server is stopped, and restored after the server has continued.
    /// </summary>
    private static async Task RollBackAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        await CopySourceAsync(system, cancellationToken);
        await system.WrittenAsync(random.Next(5, 150), cancellationToken);
        await ReplaceSourceAsync(system, system.SourceData.PutBackAsync, cancellationToken);
    }

    /// <summary>
    /// Only the gateway can notice it, for some seconds: positions of the log look as if everything were new.
    /// </summary>
    private static async Task RollBackUnseenAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        await CopySourceAsync(system, cancellationToken);
        await system.WrittenAsync(random.Next(50, 150), cancellationToken);
        int[] bridge = [system.Up.ProcessId("bridge")];
        await Signals.SendAsync("STOP", bridge, cancellationToken);
        try
        {
            await ReplaceSourceAsync(system, system.SourceData.PutBackAsync, cancellationToken);
            await system.WrittenAsync(random.Next(20, 60), cancellationToken);
        }
        finally
        {
            await Signals.SendAsync("CONT", bridge, CancellationToken.None);
        }
    }

    /// <summary>
    /// As for a standby, or a point-in-time recovery: the copy is recovered from the write-ahead log and begins a
    /// timeline, at the log's end or before.
    /// </summary>
    private static SoakFault Recovered(string name, bool keepSlots, bool early) =>
        new(
            name,
            (system, random, cancellationToken) => RecoverAsync(system, random, keepSlots, early, cancellationToken)
        )
        {
            Subjects = Everything,
        };

    private static async Task RecoverAsync(
        SoakSystem system,
        Random random,
        bool keepSlots,
        bool early,
        CancellationToken cancellationToken
    )
    {
        await CopySourceAsync(system, cancellationToken);
        await system.WrittenAsync(random.Next(5, 60), cancellationToken);
        var target = early ? await system.Shop.ScalarAsync<string>(FlushedThrough, cancellationToken) : null;
        await system.WrittenAsync(random.Next(5, 60), cancellationToken);
        await ReplaceSourceAsync(
            system,
            token => system.SourceData.PutBackRecoveredAsync(keepSlots, target, token),
            cancellationToken
        );
    }

    private static Task CopySourceAsync(SoakSystem system, CancellationToken cancellationToken)
    {
        return ChangeSourceAsync(system, CopyAsync, cancellationToken);

        async Task CopyAsync()
        {
            await system.SourceServer.StopAsync(immediate: false, cancellationToken);
            await system.SourceData.CopyAsync(cancellationToken);
            await system.SourceServer.StartAgainAsync(cancellationToken);
        }
    }

    private static Task ReplaceSourceAsync(
        SoakSystem system,
        Func<CancellationToken, Task> replace,
        CancellationToken cancellationToken
    )
    {
        return ChangeSourceAsync(system, StopAndReplaceAsync, cancellationToken);

        async Task StopAndReplaceAsync()
        {
            await system.SourceServer.StopAsync(immediate: true, cancellationToken);
            await replace(cancellationToken);
            await system.SourceServer.StartAgainAsync(cancellationToken);
            await Until.TrueAsync(
                () => IsPrimaryAsync(system, cancellationToken),
                () => "The source stayed in recovery.",
                cancellationToken
            );
        }
    }

    private static async Task<bool> IsPrimaryAsync(SoakSystem system, CancellationToken cancellationToken)
    {
        try
        {
            return !await system.Shop.ScalarAsync<bool>("select pg_is_in_recovery()", cancellationToken);
        }
        catch (NpgsqlException)
        {
            return false; // the pool still had a connection to the server that has ended
        }
    }

    private static Task ChangeSourceAsync(SoakSystem system, Func<Task> change, CancellationToken cancellationToken) =>
        system.Shop.ChangeAsync(change, silent: false, cancellationToken);

    private static async Task PutStoreBackAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        await system.StoreServer.StopAsync(immediate: false, cancellationToken);
        await system.StoreData.CopyAsync(cancellationToken);
        await system.StoreServer.StartAgainAsync(cancellationToken);
        // The bridge has to acknowledge what the copy lacks.
        await system.WrittenAsync(random.Next(40, 150), cancellationToken);
        await system.StoreServer.StopAsync(immediate: true, cancellationToken);
        await system.StoreData.PutBackAsync(cancellationToken);
        await system.StoreServer.StartAgainAsync(cancellationToken);
    }

    private static async Task DropSlotAsync(SoakSystem system, Random random, CancellationToken cancellationToken)
    {
        await Until.TrueAsync(TryDropAsync, () => "The slot could not be dropped.", cancellationToken);
        await system.WrittenAsync(random.Next(40), cancellationToken);

        async Task<bool> TryDropAsync()
        {
            try
            {
                return await system.Shop.ScalarAsync<long>(EndStream, cancellationToken) == 0
                    && await system.Shop.ScalarAsync<long>(DropSlot, cancellationToken) == 1;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                return false; // the bridge was faster
            }
        }
    }
}
