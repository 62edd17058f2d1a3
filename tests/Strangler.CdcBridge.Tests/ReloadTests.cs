using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// A table that is dropped and recreated under its name, for example each night: what is reported, and whether a person
/// has to do something.
/// </summary>
public sealed class ReloadTests(PostgresFixture postgres)
{
    private const string Topic = "shop.public.item";
    private const string Table = "create table item (id int primary key, v int)";

    [Fact]
    public async Task RunAsync_ReloadThatTheBridgeMends_IsNoError()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Table);
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        foreach (var night in (int[])[1, 2])
        {
            await source.ExecuteAsync($"begin; drop table item; {Table}; insert into item values ({night}, 0); commit");
            await bridge.RecordsAsync(records =>
                TableReplay.Of(records, Topic).ToString() == $$"""{"id":{{night}},"v":0}"""
            );
        }

        var said = bridge.Said.Lines.Where(line => line.Contains("stays in doubt", StringComparison.Ordinal)).ToList();
        // once a night; twice where a look or the reading meets the table before it is published, and again after
        Assert.True(said.Count is >= 2 and <= 4, string.Join('\n', said));
        Assert.Empty(bridge.Said.Errors);
    }

    /// <summary>Only a person publishes it.</summary>
    [Fact]
    public async Task RunAsync_ReloadThatAPersonMends_IsOneError()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"{Table}; create publication strangler for table item"
        );
        await using var bridge = RunningBridge.Start(
            source,
            changes: ("Source:publication.autocreate.mode", "disabled")
        );
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync($"begin; drop table item; {Table}; insert into item values (1, 0); commit");
        await bridge.RecordsAsync(records => TableReplay.Of(records, Topic).Why is not null);
        await source.ExecuteAsync("alter publication strangler add table item");
        await bridge.RecordsAsync(records => TableReplay.Of(records, Topic).ToString() == """{"id":1,"v":0}""");

        var error = Assert.Single(bridge.Said.Errors);
        Assert.Contains("run: ALTER PUBLICATION", error, StringComparison.Ordinal);
    }

    /// <summary>The bridge has to fix it, and the server refuses: that is an error, once.</summary>
    [Fact]
    public async Task RunAsync_ReloadThatTheBridgeMayNotMend_IsOneErrorThatSaysWhy()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Table);
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync(
            """
            create function refuse() returns event_trigger language plpgsql as $$ begin raise 'Ask Ada first'; end $$;
            create event trigger refuse on ddl_command_start when tag in ('ALTER PUBLICATION') execute function refuse()
            """
        );

        await source.ExecuteAsync($"begin; drop table item; {Table}; commit");
        await bridge.RecordsAsync(_ => !bridge.Said.Errors.IsEmpty);
        await bridge.CaughtUpAsync(source);

        var error = Assert.Single(bridge.Said.Errors);
        Assert.Contains("Ask Ada first", error, StringComparison.Ordinal);
        Assert.Contains("ALTER PUBLICATION \"strangler\" ADD TABLE", error, StringComparison.Ordinal);
    }
}
