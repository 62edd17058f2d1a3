using Strangler.ChangeLog;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary><c>kill -9</c>, at random and at named points in the code: every part starts again, nothing is lost, and the log holds nothing twice.</summary>
public sealed class KillTests
{
    private const int Items = 60;

    /// <summary>The named points between two effects, each with the part that passes it.</summary>
    private static readonly (string Part, string Point)[] Points =
    [
        ("bridge", "bridge.stored-not-acknowledged"),
        ("projections", "projections.mirror-written"),
        ("projections", "projections.before-commit"),
        ("projections", "projections.after-commit"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Parts_KilledAtEachNamedPointAndAtRandom_LoseNothing() => KillAsync(seed: 11, rounds: 1, randomKills: 6);

    [Fact]
    [Trait("Category", "Long")]
    public Task Parts_KilledManyTimes_LoseNothing() => KillAsync(seed: 12, rounds: 12, randomKills: 20);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Bridge_KilledWithinTheSnapshot_LeavesNoGhosts(int pass)
    {
        await using var system = await RunningSystem.PrepareAsync(400, Cancellation);
        var kills = new KillLog();
        system.Bridge.Start(kills.At("bridge.snapshot-half-written", pass));
        await system.Bridge.WaitForExitAsync(Cancellation);
        Assert.Equal(1, kills.Hits("bridge.snapshot-half-written"));
        // These rows stand in the half of the snapshot that was written: they must not come back.
        await using (var delete = system.Source.CreateCommand("delete from item where sku <= '000200'; delete from area where code = (select max(code) from area); update offer set quantity = 1")) await delete.ExecuteNonQueryAsync(Cancellation);

        system.Bridge.Start();
        system.Projections.Start();

        await DocumentsCheck.EqualAsync(system, Enumerable.Range(1, 400).Select(number => $"{number:D6}"), Cancellation);
    }

    [Fact]
    public async Task SourceServer_CrashesUnderWay_SendsAgainWhatWasAcknowledgedAndNothingStandsTwice()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var writes = new RandomTransactions(21, Items);
        // What the server has been told lies in its memory until it next writes the slot's state, about every 15 s: in a crash it forgets the rest. Once more, should it have written just then.
        var again = false;
        for (var crash = 0; crash < 5 && !again; crash++)
        {
            await using (var writer = new Writer(system.Source, writes)) await writer.WroteAsync(100, Cancellation);
            var acknowledged = await AcknowledgedAsync(system);
            await system.SourceServer.StopAsync(immediate: true, Cancellation);
            await system.SourceServer.StartAgainAsync(Cancellation);
            await using (var writer = new Writer(system.Source, writes)) await writer.WroteAsync(100, Cancellation);
            await AcknowledgedAsync(system);
            again = SentAgain(system).Any(commit => commit < acknowledged);
        }

        Assert.True(again, $"The server never sent again what had been acknowledged.\n{system.Words()}");
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
    }

    [Fact]
    public async Task StoreServer_CrashesUnderWay_NothingIsLost()
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var writes = new RandomTransactions(22, Items);
        await using (var writer = new Writer(system.Source, writes))
        {
            await writer.WroteAsync(60, Cancellation);
            await system.StoreServer.StopAsync(immediate: true, Cancellation);
            await writer.WroteAsync(60, Cancellation);
            await system.StoreServer.StartAgainAsync(Cancellation);
            await writer.WroteAsync(60, Cancellation);
        }

        StartWhatEnded(system);
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
    }

    private static async Task KillAsync(int seed, int rounds, int randomKills)
    {
        await using var system = await RunningSystem.StartAsync(Items, Cancellation);
        var random = new Random(seed);
        var writes = new RandomTransactions(seed, Items);
        var kills = new KillLog();
        var killed = new Dictionary<string, int>();
        for (var round = 0; round < rounds; round++)
        {
            await using (var writer = new Writer(system.Source, writes))
            {
                foreach (var (name, point) in Points.OrderBy(_ => random.Next()))
                {
                    var part = Part(system, name);
                    await part.KillAsync();
                    part.Start(kills.At(point, random.Next(1, 6)));
                    await part.WaitForExitAsync(Cancellation);
                    part.Start();
                }
                for (var kill = 0; kill < randomKills; kill++)
                {
                    await writer.WroteAsync(random.Next(1, 25), Cancellation);
                    var part = new[] { system.Bridge, system.Projections, system.Gateway }[random.Next(3)];
                    await part.KillAsync();
                    part.Start();
                    killed[part.Name] = killed.GetValueOrDefault(part.Name) + 1;
                }
            }
            await DocumentsCheck.EqualAsync(system, [], Cancellation);
        }

        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var (_, point) in Points)
        {
            output.WriteLine($"{point}: {kills.Hits(point)} kills");
            Assert.Equal(rounds, kills.Hits(point));
        }
        foreach (var (part, times) in killed) output.WriteLine($"{part}, at random: {times} kills");
    }

    private static RunningPart Part(RunningSystem system, string name) => name == "bridge" ? system.Bridge : system.Projections;

    private static void StartWhatEnded(RunningSystem system)
    {
        foreach (var part in new[] { system.Bridge, system.Projections, system.Gateway })
        {
            if (part.HasExited) part.Start();
        }
    }

    /// <summary>The commits that the bridge says came once more.</summary>
    private static IEnumerable<Lsn> SentAgain(RunningSystem system)
    {
        const string Words = "sent again what the log has: the transaction that committed at ";
        return system.Bridge.Lines.Where(line => line.Contains(Words, StringComparison.Ordinal)).Select(line => Lsn.Parse(line[(line.IndexOf(Words, StringComparison.Ordinal) + Words.Length)..].TrimEnd('.')));
    }

    /// <summary>Waits until the slot has been confirmed through all that is committed by now, and says where that is.</summary>
    private static async Task<Lsn> AcknowledgedAsync(RunningSystem system)
    {
        var target = await ScalarAsync("select pg_current_wal_insert_lsn()::text");
        await Until.TrueAsync(async () => await ScalarAsync($"select (confirmed_flush_lsn >= '{target}')::text from pg_replication_slots where slot_name = 'strangler'") == "true",
            () => $"The bridge did not acknowledge {target}.\n{system.Words()}", Cancellation);
        return Lsn.Parse(target!);

        async Task<string?> ScalarAsync(string sql)
        {
            await using var command = system.Source.CreateCommand(sql);
            return (string?)await command.ExecuteScalarAsync(Cancellation);
        }
    }
}
