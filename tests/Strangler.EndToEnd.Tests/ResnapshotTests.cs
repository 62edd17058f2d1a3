using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// A lost slot loses what was committed meanwhile. The bridge reports that instead of continuing, and a new snapshot,
/// taken as its message and the README say, fixes it under running parts.
/// </summary>
public sealed class ResnapshotTests
{
    private const int Items = 60;
    private const string Inserted = "950000";
    private const string HalfSnapshot = "bridge.snapshot-half-written";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Bridge_SlotDroppedAndRowsChangedMeanwhile_RefusesAndANewSnapshotLeavesNoGhosts() =>
        MendAsync(killedAt: 12);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public Task Bridge_NewSnapshotKilledElsewhereOrNot_LeavesNoGhosts(int killedAt) => MendAsync(killedAt);

    /// <summary>
    /// The documented fix while 'strangler up' runs: after a lost slot, and when nothing is wrong. Every request is
    /// answered meanwhile, with legacy's answer.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false, Traits = ["Category", "Long"])]
    public async Task Up_NewSnapshotAskedFor_IsTakenWhileTheDoorStaysOpen(bool slotIsLost)
    {
        await using var system = await RunningSystem.PrepareAsync(Items, Cancellation);
        await using var up = new RunningPart(
            "up",
            [.. RunningSystem.Strangler, "up", "--config", system.ConfigFile, "--until-input-ends"]
        );
        up.Start();
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        var sku = (await ScalarAsync<string[]>(system, "select array_agg(sku order by sku) from item"))[7];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var probe = ProbeAsync(system, sku, stop.Token);
        if (slotIsLost)
        {
            await Until.TrueAsync(
                async () =>
                {
                    await ExecuteAsync(
                        system,
                        "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where active_pid "
                            + "is not null"
                    );
                    await ExecuteAsync(
                        system,
                        "update item set name = name || '.' where sku = (select max(sku) from item)"
                    ); // a loss: without one the bridge continues by itself
                    try
                    {
                        return await ScalarAsync<long>(
                                system,
                                "select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots where "
                                    + "active_pid is null"
                            ) == 1;
                    }
                    catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
                    {
                        return false; // the bridge was faster
                    }
                },
                () => "The slot stayed in use.",
                Cancellation
            );
            await up.WaitForLineAsync("| strangler: slot 'strangler': It was dropped.", Cancellation);
        }
        // if the slot is lost, this change is never reported
        await ExecuteAsync(system, $"delete from item where sku <> '{sku}' and sku = (select max(sku) from item)");

        await using var resnapshot = new RunningPart(
            "bridge --resnapshot",
            [.. RunningSystem.Strangler, "bridge", "--config", system.ConfigFile, "--until-input-ends", "--resnapshot"]
        );
        resnapshot.Start();
        await resnapshot.WaitForExitAsync(Cancellation);

        Assert.True(resnapshot.ExitCode == ExitCode.Success, string.Join('\n', resnapshot.Lines));
        Assert.Contains("The new snapshot has ended; the log is in epoch 2.", resnapshot.Lines);
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await ExecuteAsync(system, $"update item set name = 'behind' where sku = '{sku}'"); // up's own bridge continues
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await stop.CancelAsync();
        Assert.True(await probe > 0);
        Assert.False(up.HasExited);
        Assert.Equal(2, (await ExtentAsync(system)).End?.Epoch);
    }

    /// <summary>Sends requests until it is stopped, and counts them. Any answer but a 200 fails.</summary>
    private static async Task<int> ProbeAsync(RunningSystem system, string sku, CancellationToken stop)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                using var response = await system.GatewayHttp.GetAsync($"/api/items/{sku}", stop);
                Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop); // a pace, not a wait
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return count;
            }
        }
    }

    /// <param name="killedAt">At which part of the first new snapshot its bridge is killed; 0: never.</param>
    private static async Task MendAsync(int killedAt)
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        var others = new[] { system.Projections, system.Gateway }.Select(part => part.ProcessId).ToList();
        var writes = new RandomTransactions(Seeds.Next(), Items);
        await system.Bridge.EndAsync();
        await WriteAsync(system, writes); // the slot would still have this
        await DropSlotAsync(system);
        await WriteAsync(system, writes);
        // the earlier writes change some of these
        var skus = await ScalarAsync<string[]>(system, "select array_agg(sku order by sku) from item");
        var (kept, changed, deleted, deletedLate) = (skus[10], skus[20], skus[30], skus[40]);
        await ExecuteAsync(
            system,
            $$"""
            delete from item where sku = '{{deleted}}';
            delete from area where code = (select max(code) from area);
            delete from warehouse_stock where sku < '{{kept}}';
            alter table warehouse_stock drop column damaged, add column damaged int default 7;
            truncate store_floor;
            update item set name = 'changed meanwhile' where sku = '{{changed}}';
            insert into item
            select (jsonb_populate_record(item, '{"sku": "{{Inserted}}"}')).* from item where sku = '{{kept}}'
            """
        );

        system.Bridge.Start();
        await system.Bridge.WaitForExitAsync(Cancellation);

        Assert.Equal(ExitCode.Fault, system.Bridge.ExitCode);
        var sentence = system.Bridge.Lines.Last();
        Assert.StartsWith(
            "strangler: slot 'strangler': It was dropped. What was committed between 1:",
            sentence,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true).",
            sentence,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(system.Bridge.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Equal(1, (await ExtentAsync(system)).End?.Epoch);

        await using var resnapshot = new RunningPart(
            "bridge --resnapshot",
            [.. RunningSystem.Strangler, "bridge", "--config", system.ConfigFile, "--until-input-ends", "--resnapshot"]
        );
        if (killedAt > 0)
        {
            using var kills = new KillLog();
            resnapshot.Start(kills.At(HalfSnapshot, killedAt));
            await resnapshot.WaitForExitAsync(Cancellation);
            Assert.Equal(1, kills.Hits(HalfSnapshot));
            Assert.Equal(1, (await ExtentAsync(system)).End?.Epoch); // nobody has seen anything of the half
        }
        // If it was killed, these rows are in the half that was written.
        await ExecuteAsync(
            system,
            $"delete from item where sku = '{deletedLate}'; delete from area where code = (select min(code) from area)"
        );
        resnapshot.Start();
        await resnapshot.WaitForExitAsync(Cancellation); // by itself
        Assert.Equal(
            (ExitCode.Success, "The new snapshot has ended; the log is in epoch 2."),
            (resnapshot.ExitCode, resnapshot.Lines.Last(line => !line.Contains(" info: ", StringComparison.Ordinal)))
        );
        await ExecuteAsync(system, $"update item set name = 'changed behind' where sku = '{Inserted}'");
        system.Bridge.Start();

        await DocumentsCheck.EqualAsync(system, [deleted, deletedLate], Cancellation);
        Assert.Equal(2, (await ExtentAsync(system)).End?.Epoch);
        foreach (var sku in new[] { kept, changed, deleted, deletedLate, Inserted })
            Assert.Equal(await AskAsync(system.LegacyHttp, sku), await AskAsync(system.GatewayHttp, sku));
        Assert.StartsWith("404", await AskAsync(system.GatewayHttp, deleted), StringComparison.Ordinal);
        Assert.Contains("changed behind", await AskAsync(system.GatewayHttp, Inserted), StringComparison.Ordinal);
        var report = await system.Admin.RouteAsync("item", Cancellation);
        Assert.True(
            report.Lookup > 0 && report.Legacy == report.Reasons.GetValueOrDefault("due"),
            $"The lookup answered {report.Lookup} times, the call graph {report.Legacy} times.\n{system.Words()}"
        );
        // They continued in their own processes the whole time.
        Assert.Equal(others, new[] { system.Projections, system.Gateway }.Select(part => part.ProcessId));
        Assert.All([system.Projections, system.Gateway], part => Assert.False(part.HasExited, system.Words()));
    }

    private static async Task WriteAsync(RunningSystem system, RandomTransactions writes)
    {
        await using var writer = new Writer(system.Source, writes);
        await writer.WroteAsync(20, Cancellation);
    }

    private static async Task DropSlotAsync(RunningSystem system)
    {
        // The server releases it a moment after the bridge has ended.
        await Until.TrueAsync(
            async () =>
                await ScalarAsync<bool>(
                    system,
                    "select not active from pg_replication_slots where slot_name = 'strangler'"
                ),
            () => "The slot stayed in use.",
            Cancellation
        );
        await ExecuteAsync(system, "select pg_drop_replication_slot('strangler')");
    }

    private static async Task<LogExtent> ExtentAsync(RunningSystem system)
    {
        await using var log = new EmbeddedChangeLog(system.Store, new EmbeddedLogOptions(), TimeProvider.System);
        return (await log.ExtentAsync("shop", Cancellation))!;
    }

    private static async Task<string> AskAsync(HttpClient http, string sku)
    {
        using var response = await http.GetAsync($"/api/items/{sku}", Cancellation);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} "
            + $"{await response.Content.ReadAsStringAsync(Cancellation)}";
    }

    private static async Task ExecuteAsync(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<T> ScalarAsync<T>(RunningSystem system, string sql)
    {
        await using var command = system.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
