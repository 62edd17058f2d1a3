using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Whatever changes a captured table's content without a row event: by the time the bridge says that it has found the
/// catalogue unchanged, a reader holds the table's rows, or knows that it is in doubt. Neither stops the bridge, and
/// what is fixed recovers by itself.
/// </summary>
public sealed class UnseenChangeTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Names => [.. UnseenChanges.All.Select(change => change.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Reader_AfterAChangeWithoutRowEvents_HoldsTheRowsOrIsInDoubt(string name)
    {
        var change = UnseenChanges.All.Single(one => one.Name == name);
        await using var source = await SourceDatabase.CreateAsync(postgres, change.Table ?? UnseenChange.Usual);
        List<(string, string?)> properties = [("Source:table.include.list", "public.item")];
        if (change.OnIdentityLoss is { } action)
            properties.Add(("Source:on.identity.loss", action));
        if (change.Lean)
            properties.AddRange(await LeanAsync(source));
        try
        {
            await using var bridge = RunningBridge.Start(source, changes: properties);
            await SettledAsync(source, bridge, static state => state.IsRead);
            await StepAsync(change, source, bridge);
        }
        finally
        {
            await FaultTests.DropSlotAsync(source); // a cluster has some dozens for all tests
        }
    }

    private static async Task StepAsync(UnseenChange change, SourceDatabase source, RunningBridge bridge)
    {
        foreach (var (sql, rows, words) in change.Steps)
        {
            foreach (var statement in sql.Split(";;"))
                await source.ExecuteAsync(
                    statement.Replace("{login}", $"lean_{source.Name}", StringComparison.Ordinal)
                );

            var state = await SettledAsync(
                source,
                bridge,
                state => !state.IsInDoubt || (rows is null && state.Why is not null)
            );
            if (rows is not null)
                Assert.Equal(rows, state.ToString());
            else
                Assert.All(
                    words!,
                    word =>
                        Assert.Contains(
                            word.Replace("{login}", $"lean_{source.Name}", StringComparison.Ordinal),
                            state.ToString(),
                            StringComparison.Ordinal
                        )
                );
        }
    }

    /// <summary>
    /// The table as a reader has it once the log has everything committed now, a look after that has found the
    /// catalogue unchanged, and the table is as expected. Before, it may be anything; from then on it is in doubt, or
    /// as expected.
    /// </summary>
    private static async Task<TableReplay> SettledAsync(
        SourceDatabase source,
        RunningBridge bridge,
        Func<TableReplay, bool> wanted
    )
    {
        var written = Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            var extent = await bridge.Log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken);
            var state = TableReplay.Of(await bridge.RecordsAsync(_ => true), "shop.public.item");
            var isThere =
                extent?.End is { } end
                && end >= Position.EndOf(end.Epoch, written.JustBefore)
                && extent.CatalogueSeen > written;
            if (isThere && wanted(state))
                return state;
            if (bridge.Completion.IsCompleted)
                await bridge.Completion;
            if (limit.IsCancellationRequested)
                Assert.Fail(
                    $"The catalogue was last found in order at {extent?.CatalogueSeen}, the change ended at "
                        + $"{written}, and the reader holds: {state}{Environment.NewLine}{bridge.Said}"
                );
            await bridge.Log.WaitAsync(
                RunningBridge.Prefix,
                extent?.End ?? Position.Start,
                TimeSpan.FromMilliseconds(100),
                TestContext.Current.CancellationToken
            );
        }
    }

    /// <summary>A login that owns nothing, and a publication that the owner creates.</summary>
    private static async Task<IReadOnlyList<(string, string?)>> LeanAsync(SourceDatabase source)
    {
        var login = $"lean_{source.Name}";
        await source.ExecuteAsync(
            $"create role {login} login replication password 'p'; grant usage on schema public to {login}; grant "
                + $"select on item to {login}; create publication strangler for table item"
        );
        return
        [
            ("Source:database.user", login),
            ("Source:database.password", "p"),
            ("Source:publication.autocreate.mode", "disabled"),
        ];
    }
}
