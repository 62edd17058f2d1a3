using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary><c>strangler bridge drop</c>: what it removes from the source, and what it refuses.</summary>
public sealed class BridgeRemovalTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_StoppedBridge_RemovesSlotAndPublicationAndNothingElse()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var log = new InMemoryChangeLog(TimeProvider.System);
        await RunOnceAsync(source, log);
        var end = (await log.ExtentAsync(RunningBridge.Prefix, Cancel))!.End;

        var first = await RemoveAsync(source);
        var second = await RemoveAsync(source);

        Assert.Equal((false, false), await ExistsAsync(source));
        Assert.Contains($"The slot '{source.Slot}' is removed", first, StringComparison.Ordinal);
        Assert.Contains("The publication 'strangler' is removed.", first, StringComparison.Ordinal);
        Assert.Contains("The change log and the documents stay", first, StringComparison.Ordinal);
        Assert.Equal($"The slot '{source.Slot}' doesn't exist.\nThe publication 'strangler' doesn't exist.", second);
        Assert.Equal(end, (await log.ExtentAsync(RunningBridge.Prefix, Cancel))!.End);
        await source.ExecuteAsync("insert into item values (1)");
    }

    [Fact]
    public async Task RunAsync_BridgeRuns_NamesItsProcessAndRemovesNothing()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        var fault = await Assert.ThrowsAsync<FaultException>(() => RemoveAsync(source));

        Assert.Matches($"^slot '{source.Slot}': It is in use by process [0-9]+ of the server", fault.Message);
        Assert.Contains("'strangler bridge shop", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Stop what reads it", fault.Message, StringComparison.Ordinal);
        Assert.Equal((true, true), await ExistsAsync(source));
    }

    /// <summary>Such as the connector's, whose next start would miss it.</summary>
    [Theory]
    [InlineData("create publication strangler for table item")]
    [InlineData(
        "create publication strangler for table item; "
            + "comment on publication strangler is 'strangler bridge, slot another'"
    )]
    public async Task RunAsync_PublicationOfSomebodyElse_StaysUnlessItIsAskedFor(string publication)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ExecuteAsync(publication);
        await RunOnceAsync(source);

        var said = await RemoveAsync(source);
        var afterFirst = await ExistsAsync(source);
        await RemoveAsync(source, anyPublication: true);

        Assert.Equal((false, true), afterFirst);
        Assert.Contains("The publication 'strangler' stays: its comment doesn't say", said, StringComparison.Ordinal);
        Assert.Equal((false, false), await ExistsAsync(source));
    }

    [Fact]
    public async Task RunAsync_PublicationThatTheBridgeMadeAgain_IsRemoved()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var log = new InMemoryChangeLog(TimeProvider.System);
        await RunOnceAsync(source, log);
        await source.ExecuteAsync("drop publication strangler");
        await RunOnceAsync(source, log);

        await RemoveAsync(source);

        Assert.Equal((false, false), await ExistsAsync(source));
    }

    [Fact]
    public async Task RunAsync_SlotOfAnotherPlugin_Stays()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ScalarAsync<object>(
            $"select pg_create_logical_replication_slot('{source.Slot}', 'test_decoding')"
        );

        var said = await RemoveAsync(source);

        Assert.Contains(
            $"The slot '{source.Slot}' stays: its plugin is 'test_decoding'",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal((true, false), await ExistsAsync(source));
    }

    [Fact]
    public async Task RunAsync_AnswerIsNo_RemovesNothing()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await RunOnceAsync(source);
        var asked = "";

        var said = await RemoveAsync(
            source,
            confirm: question =>
            {
                asked = question;
                return false;
            }
        );

        Assert.StartsWith(
            $"Remove the slot '{source.Slot}' and the publication 'strangler' from the database '{source.Name}' at '",
            asked,
            StringComparison.Ordinal
        );
        Assert.Equal("Nothing was removed.", said);
        Assert.Equal((true, true), await ExistsAsync(source));
    }

    [Fact]
    public async Task RunAsync_LoginWithoutRights_SaysWhichAndRemovesNothing()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await RunOnceAsync(source);
        await source.ExecuteAsync($"create role poor_{source.Name} login password 'p'");

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            RemoveAsync(
                source,
                changes: [("Source:database.user", $"poor_{source.Name}"), ("Source:database.password", "p")]
            )
        );

        Assert.Equal(2, fault.Faults.Count);
        Assert.Contains($"The login 'poor_{source.Name}' may not remove it", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"poor_{source.Name}\" REPLICATION", fault.Message, StringComparison.Ordinal);
        Assert.Contains("DROP PUBLICATION IF EXISTS \"strangler\"", fault.Message, StringComparison.Ordinal);
        Assert.Equal((true, true), await ExistsAsync(source));
    }

    /// <summary>REPLICATION, and to own the publication: not more.</summary>
    [Fact]
    public async Task RunAsync_LoginWithTheRightsOfABridge_RemovesBoth()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ExecuteAsync(
            $"""
            create role least_{source.Name} login replication password 'p';
            grant create on database {source.Name} to least_{source.Name};
            alter table item owner to least_{source.Name}
            """
        );
        (string, string?)[] login =
        [
            ("Source:database.user", $"least_{source.Name}"),
            ("Source:database.password", "p"),
        ];
        await using (var bridge = RunningBridge.Start(source, changes: login))
        {
            await bridge.CaughtUpAsync(source);
            await bridge.StopAsync();
        }

        await RemoveAsync(source, changes: login);

        Assert.Equal((false, false), await ExistsAsync(source));
    }

    /// <summary>A connector's file names no broker, and none is asked.</summary>
    [Fact]
    public async Task RunAsync_ConnectorWithoutBroker_IsRemoved()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");

        await RemoveAsync(
            source,
            changes:
            [
                ("Source:event.format", "debezium-3.6"),
                ("Source:plugin.name", "pgoutput"),
                ("Store:ConnectionString", null),
            ]
        );

        Assert.Equal((false, false), await ExistsAsync(source));
    }

    private static async Task RunOnceAsync(SourceDatabase source, IChangeLog? log = null)
    {
        await using var bridge = RunningBridge.Start(source, log);
        await bridge.CaughtUpAsync(source);
        await bridge.StopAsync();
    }

    private static async Task<string> RemoveAsync(
        SourceDatabase source,
        bool anyPublication = false,
        Func<string, bool>? confirm = null,
        params IEnumerable<(string Name, string? Value)> changes
    )
    {
        List<string> said = [];
        await BridgeRemoval.RunAsync(
            new ConfigurationBuilder().AddInMemoryCollection(source.Properties(changes)).Build(),
            anyPublication,
            (question, _) => Task.FromResult(confirm?.Invoke(question) ?? true),
            said.Add,
            Cancel
        );
        return string.Join('\n', said);
    }

    private static async Task<(bool Slot, bool Publication)> ExistsAsync(SourceDatabase source) =>
        (
            await source.ScalarAsync<bool>(
                $"select exists (select from pg_replication_slots where slot_name = '{source.Slot}')"
            ),
            await source.ScalarAsync<bool>("select exists (select from pg_publication where pubname = 'strangler')")
        );
}
