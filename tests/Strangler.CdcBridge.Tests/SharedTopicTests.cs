using Strangler.CdcBridge.Tests.Histories;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Two tables come to share a topic while the bridge runs: they are in doubt, and every other table goes on.
/// </summary>
public sealed class SharedTopicTests(PostgresFixture postgres)
{
    private const string Tables = """
        create table "my item" (id int primary key, v int); create table item (id int primary key, v int);
        create table customer (id int primary key, v int);
        insert into "my item" values (1, 0); insert into item values (1, 0); insert into customer values (1, 0), (2, 0)
        """;

    /// <summary>
    /// The collision begins, survives a restart, and ends because the <em>other</em> table gets another name, of which
    /// the server tells nobody who reads the one that stays.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("create publication strangler for all tables")]
    public async Task RunAsync_CollisionBeginsAndEnds_OtherTablesGoOnAndBothComeBack(string? publication)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        if (publication is not null)
            await source.ExecuteAsync(publication);
        var log = new InMemoryChangeLog(TimeProvider.System);
        (string, string?)[] mode =
        [
            ("Source:publication.autocreate.mode", publication is null ? "filtered" : "disabled"),
        ];
        await using (var first = RunningBridge.Start(source, log, null, mode))
        {
            await first.CaughtUpAsync(source);
            await source.ExecuteAsync("alter table item rename to my_item; insert into my_item values (2, 1)");
            await source.ExecuteAsync("analyze customer; insert into customer values (3, 1)");
            await LoggedRows.BecomeEqualAsync(first, source, "customer");
            await first.RecordsAsync(records => Replay(records, "my_item").Why is not null);
            await source.ExecuteAsync("insert into my_item values (3, 1); insert into \"my item\" values (3, 1)");
            await first.StopAsync();
        }
        await using var second = RunningBridge.Start(source, log, null, mode);
        await source.ExecuteAsync("insert into customer values (4, 2); insert into my_item values (4, 2)");
        await LoggedRows.BecomeEqualAsync(second, source, "customer");
        await source.ExecuteAsync("insert into \"my item\" values (4, 2)");
        var collided = Replay(await second.CaughtUpAsync(source), "my_item");

        await source.ExecuteAsync("alter table \"my item\" rename to other_item");
        await source.ExecuteAsync("insert into my_item values (5, 3); insert into other_item values (5, 3)");

        Assert.True(collided.IsInDoubt, $"{collided}");
        Assert.Contains("have the same topic", collided.Why, StringComparison.Ordinal);
        await LoggedRows.BecomeEqualAsync(second, source, "my_item");
        await second.RecordsAsync(records => !Replay(records, "my_item").IsInDoubt);
        await source.ExecuteAsync("insert into my_item values (6, 4); delete from my_item where id = 1");
        await LoggedRows.BecomeEqualAsync(second, source, "my_item");
        await LoggedRows.BecomeEqualAsync(second, source, "customer");
    }

    private static TableReplay Replay(IReadOnlyList<LogRecord> records, string table) =>
        TableReplay.Of(records, $"{RunningBridge.Prefix}.public.{table}");
}
