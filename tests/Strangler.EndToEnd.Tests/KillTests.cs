using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// <c>kill -9</c>, at random and at named points in the code: every part restarts, nothing is lost, and the log
/// contains nothing twice.
/// </summary>
public sealed class KillTests
{
    private const int Items = 60;

    /// <summary>
    /// Each is created and deleted in one transaction, which then takes several chunks of the bridge and pages of the
    /// log.
    /// </summary>
    private const int LargeRows = 6_000;
    private const string HalfSnapshot = "bridge.snapshot-half-written";
    private const string Chunk = "bridge.chunk-stored";
    private const string Page = "projections.page-applied";
    private const string Compared = "bridge.history-compared";

    /// <summary>
    /// Every named point between two effects in the code, except that of a table which is read again in pieces: the
    /// sample's tables are one piece, and the kill tests of snapshots have larger ones.
    /// </summary>
    private static readonly IReadOnlyList<string> Points =
    [
        .. FailpointNames.In("Strangler.CdcBridge.dll").Except(["bridge.tables-half-read"]),
        .. FailpointNames.In("Strangler.Projections.dll"),
        .. FailpointNames.In("Strangler.Gateway.dll"),
    ];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public Task Parts_KilledAtEachNamedPointAndAtRandom_LoseNothing() => KillAsync(rounds: 1, randomKills: 2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Parts_KilledManyTimes_LoseNothing() => KillAsync(rounds: 12, randomKills: 6);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Parts_OnKafkaKilledAtEachNamedPointAndAtRandom_LoseNothing()
    {
        await using var broker = new KafkaBroker();
        await KillAsync(rounds: 2, randomKills: 3, await broker.AddressAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7, Traits = ["Category", "Long"])]
    public Task Bridge_KilledWithinTheSnapshot_LeavesNoGhosts(int pass) => KillInSnapshotAsync(pass);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Bridge_OnKafkaKilledWithinTheSnapshot_LeavesNoGhosts()
    {
        await using var broker = new KafkaBroker();
        await KillInSnapshotAsync(7, await broker.AddressAsync());
    }

    private static async Task KillInSnapshotAsync(int pass, string? kafka = null)
    {
        await using var system = await RunningSystem.PrepareAsync(
            400,
            Cancellation,
            SampleVariant.Usual with
            {
                Kafka = kafka,
            }
        );
        using var kills = new KillLog();
        system.Bridge.Start(kills.At(HalfSnapshot, pass));
        await system.Bridge.WaitForExitAsync(Cancellation);
        Assert.Equal(1, kills.Hits(HalfSnapshot));
        // These rows are in the half of the snapshot that was written: they must not return.
        await using (
            var delete = system.Source.CreateCommand(
                "delete from item where sku <= '000200'; delete from area where code = (select max(code) from area);"
                    + " update offer set quantity = 1"
            )
        )
            await delete.ExecuteNonQueryAsync(Cancellation);

        system.Bridge.Start();
        system.Projections.Start();

        await DocumentsCheck.EqualAsync(
            system,
            Enumerable.Range(1, 400).Select(number => $"{number:D6}"),
            Cancellation
        );
    }

    /// <summary>
    /// The range that the server resends has just been compared, and nothing records that yet: nothing was
    /// acknowledged, and no key is answered until a bridge has compared it again.
    /// </summary>
    [Fact]
    public async Task Bridge_KilledBeforeTheHistoryIsVerified_AnswersNothingUntilItIs()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        using var kills = new KillLog();
        var projection = ProjectionAssemblies
            .Load(new ConfigurationBuilder().AddJsonFile(system.ConfigFile).Build())
            .Select(responder => responder.Projection)
            .First(one => one.Name == "ItemDetails");
        await system.Bridge.EndAsync();
        var before = await system.Answers.FindAsync(projection, ["000001"], Cancellation);
        var confirmed = await ConfirmedAsync();
        await new RandomTransactions(Seeds.Next(), Items).RunAsync(system.Source, Cancellation);

        system.Bridge.Start(kills.At(Compared, 1));
        await system.Bridge.WaitForExitAsync(Cancellation);
        var after = await system.Answers.FindAsync(projection, ["000001", "never"], Cancellation);
        var acknowledged = await ConfirmedAsync();
        system.Bridge.Start();

        Assert.Equal(1, kills.Hits(Compared));
        Assert.IsType<Found.Document>(before.Found[0]); // a stopped bridge is not a doubt: documents age
        Assert.All(after.Found, found => Assert.Equal(MissReason.Dirty, Assert.IsType<Found.Miss>(found).Reason));
        Assert.Equal(confirmed, acknowledged);
        await DocumentsCheck.EqualAsync(system, [], Cancellation);

        async Task<string> ConfirmedAsync()
        {
            await using var command = system.Source.CreateCommand(
                "select confirmed_flush_lsn::text from pg_replication_slots where slot_name = 'strangler'"
            );
            return (string)(await command.ExecuteScalarAsync(Cancellation))!;
        }
    }

    /// <summary>
    /// The data directory is copied, written to, and the copy restored, under running parts; then it is written to
    /// beyond its previous end.
    /// </summary>
    [Fact]
    public async Task SourceServer_DataPutBackToAnOlderCopy_DocumentsBecomeThoseOfItsRows()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var (parts, data) = (system.Parts, Path.Combine(Path.GetDirectoryName(system.SourceServer.LogFile)!, "data"));
        await system.SourceServer.StopAsync(immediate: false, Cancellation);
        await RunAsync("cp", "-a", data, data + ".copy");
        await system.SourceServer.StartAgainAsync(Cancellation);
        var writes = new RandomTransactions(Seeds.Next(), Items);
        await using (var writer = new Writer(system.Source, writes))
            await writer.WroteAsync(150, Cancellation);
        await system.CaughtUpAsync(Cancellation);
        await system.SourceServer.StopAsync(immediate: true, Cancellation);
        await RunAsync("mv", data, data + ".before");
        await RunAsync("mv", data + ".copy", data);

        await system.SourceServer.StartAgainAsync(Cancellation);
        await using (var writer = new Writer(system.Source, new RandomTransactions(Seeds.Next(), Items)))
            await writer.WroteAsync(300, Cancellation);

        await DocumentsCheck.BecomeEqualAsync(system, [], Cancellation);
        Assert.Contains(
            system.Bridge.Lines,
            line => line.Contains("Epoch 2 begins with a full snapshot: the source", StringComparison.Ordinal)
        );
        Assert.All(parts, part => Assert.False(part.HasExited, $"{part.Name} ended.\n{system.Words()}"));

        static async Task RunAsync(params string[] command)
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(command[0], command.Skip(1))
            )!;
            await process.WaitForExitAsync(Cancellation);
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task SourceServer_CrashesUnderWay_SendsAgainWhatWasAcknowledgedAndNothingStandsTwice()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        // A table that is reread takes its own slot, and creating a slot writes a standby snapshot.
        var writes = new RandomTransactions(Seeds.Next(), Items, truncates: false);
        // The server keeps acknowledgements in memory until the slot's restart_lsn moves, and its state is written with
        // it: in a crash the server forgets the rest. An open transaction keeps restart_lsn in place from the next
        // standby snapshot on. Repeated in case that snapshot came after all the writes.
        var again = false;
        for (var crash = 0; crash < 5 && !again; crash++)
        {
            await using var open = await system.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await open.BeginTransactionAsync(Cancellation);
            await using (var message = new NpgsqlCommand("select pg_logical_emit_message(true, 'open', '')", open))
                await message.ExecuteNonQueryAsync(Cancellation);
            await using (var writer = new Writer(system.Source, writes))
                await writer.WroteAsync(100, Cancellation);
            var acknowledged = await AcknowledgedAsync(system);
            await system.SourceServer.StopAsync(immediate: true, Cancellation);
            await system.SourceServer.StartAgainAsync(Cancellation);
            await using (var writer = new Writer(system.Source, writes))
                await writer.WroteAsync(100, Cancellation);
            await AcknowledgedAsync(system);
            again = SentAgain(system).Any(commit => commit < acknowledged);
        }

        Assert.True(again, $"The server never sent again what had been acknowledged.\n{system.Words()}");
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
    }

    [Fact]
    public async Task StoreServer_CrashesUnderWay_PartsConnectAgainAndNothingIsLost()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var (parts, processes) = (system.Parts, system.Parts.Select(part => part.ProcessId).ToList());
        var writes = new RandomTransactions(Seeds.Next(), Items);
        await using (var writer = new Writer(system.Source, writes))
        {
            await writer.WroteAsync(60, Cancellation);
            await system.StoreServer.StopAsync(immediate: true, Cancellation);
            await writer.WroteAsync(60, Cancellation);
            await system.StoreServer.StartAgainAsync(Cancellation);
            await writer.WroteAsync(60, Cancellation);
        }

        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
        // Nobody restarted them: they are the same processes, and each has reconnected to the store.
        Assert.All(parts, part => Assert.False(part.HasExited, $"{part.Name} ended.\n{system.Words()}"));
        Assert.Equal(processes, parts.Select(part => part.ProcessId));
        await system.ForceLookupAsync("item", Cancellation);
    }

    private static async Task KillAsync(int rounds, int randomKills, string? kafka = null)
    {
        var seed = Seeds.Next();
        await using var system = await RunningSystem.PrepareAsync(
            Items,
            Cancellation,
            SampleVariant.Usual with
            {
                Kafka = kafka,
            }
        );
        using var kills = new KillLog();
        var random = new Random(seed);
        var writes = new RandomTransactions(seed, Items);
        var bridge = new Killer(system.Bridge, "The stream of slot", kills, new(seed + 1));
        var projections = new Killer(system.Projections, "continue from", kills, new(seed + 2));
        var gateway = new Killer(system.Gateway, "The stages are read from the store.", kills, new(seed + 3));
        // The rows in between are in the half of a snapshot that was written: they must not return.
        for (var round = 0; round < rounds; round++)
        {
            await bridge.AtAsync(HalfSnapshot, 20, null, Cancellation);
            await system.Bridge.KillAsync();
            await writes.RunAsync(system.Source, Cancellation);
        }
        foreach (var part in new[] { bridge, projections, gateway })
            part.Start();
        await system.CaughtUpAsync(Cancellation);

        for (var round = 0; round < rounds; round++)
        {
            await using (var writer = new Writer(system.Source, writes, Pause))
            {
                var ordinary = Points.Except([HalfSnapshot, Chunk, Page]).OrderBy(_ => random.Next()).ToList();
                var large = new Lazy<Task>(() => WriteLargeAsync(system));
                await Task.WhenAll(
                    KillAsync(bridge, [Chunk, .. ordinary.Where(IsOf(system.Bridge))], large, writer, randomKills),
                    KillAsync(
                        projections,
                        [Page, .. ordinary.Where(IsOf(system.Projections))],
                        large,
                        writer,
                        randomKills
                    ),
                    KillAsync(gateway, [.. ordinary.Where(IsOf(system.Gateway))], large, writer, randomKills)
                );
            }
            await DocumentsCheck.EqualAsync(system, [], Cancellation);
        }

        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
        var table = kills.Table(Points);
        Console.WriteLine(table);
        Assert.True(Points.All(point => kills.Hits(point) >= rounds), $"A point was not hit in every round.\n{table}");
    }

    private static async Task KillAsync(
        Killer part,
        IReadOnlyList<string> points,
        Lazy<Task> large,
        Writer writer,
        int randomKills
    )
    {
        foreach (var point in points)
            await (
                point is Chunk or Page
                    ? part.AtAsync(point, 2, () => large.Value, Cancellation)
                    : part.AtAsync(point, point is Compared ? 1 : 5, null, Cancellation)
            ); // once per start
        for (var kill = 0; kill < randomKills; kill++)
            await part.AnywhereAsync(writer, Cancellation);
    }

    private static Func<string, bool> IsOf(RunningPart part) =>
        point => point.StartsWith(part.Name + ".", StringComparison.Ordinal);

    private static async Task WriteLargeAsync(RunningSystem system)
    {
        await using var command = system.Source.CreateCommand(
            $"""
            begin;
            insert into old_reservation (item_code, depot_no, pieces)
            select 'SKU-900001', 1, 1 from generate_series(1, {LargeRows});
            delete from old_reservation where item_code = 'SKU-900001';
            commit
            """
        );
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>For each stream, the first commit that the bridge reports as resent.</summary>
    private static IEnumerable<Lsn> SentAgain(RunningSystem system)
    {
        const string Words = "sends again what the log has, from the transaction that committed at ";
        return system
            .Bridge.Lines.Where(line => line.Contains(Words, StringComparison.Ordinal))
            .Select(line =>
                Lsn.Parse(line[(line.IndexOf(Words, StringComparison.Ordinal) + Words.Length)..].TrimEnd('.'))
            );
    }

    /// <summary>
    /// Waits until the slot is confirmed through everything committed so far, and returns that position.
    /// </summary>
    private static async Task<Lsn> AcknowledgedAsync(RunningSystem system)
    {
        var target = await ScalarAsync("select pg_current_wal_insert_lsn()::text");
        await Until.TrueAsync(
            async () =>
                await ScalarAsync(
                    $"select (confirmed_flush_lsn >= '{target}')::text "
                        + "from pg_replication_slots where slot_name = 'strangler'"
                ) == "true",
            () => $"The bridge did not acknowledge {target}.\n{system.Words()}",
            Cancellation
        );
        return Lsn.Parse(target!);

        async Task<string?> ScalarAsync(string sql)
        {
            await using var command = system.Source.CreateCommand(sql);
            return (string?)await command.ExecuteScalarAsync(Cancellation);
        }
    }
}
