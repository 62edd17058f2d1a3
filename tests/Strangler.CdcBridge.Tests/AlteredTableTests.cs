using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>In Debezium's format a table isn't read again: its alteration is said once, with what helps.</summary>
public sealed class AlteredTableTests(PostgresFixture postgres)
{
    private const string Told = "was altered, recreated or published again";

    [Fact]
    public async Task RunAsync_TablesAltered_EachIsFoundAndSaidOnce()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table a (id int primary key); create table b (id int primary key);
            create table c (id int primary key)
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(source);
        await bridge.CaughtUpAsync(source);
        var peek = $"{source.Slot}_peek";
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{peek}', 'pgoutput')");

        foreach (var table in new[] { "a", "b", "c" })
        {
            await source.ExecuteAsync($"alter table {table} add column v int default 5");
            await bridge.SaidAsync($"The table of 'shop.public.{table}' {Told}");
        }
        var found = await source.ScalarAsync<long>(
            $"""
            select count(*)
            from pg_logical_slot_peek_binary_changes(
                '{peek}', null, null, 'proto_version', '1', 'publication_names', 'strangler', 'messages', 'true'
            )
            where encode(data, 'escape') like '%difference %'
            """
        );
        await source.ScalarAsync<object>($"select pg_drop_replication_slot('{peek}')");

        Assert.Equal(3, found);
        Assert.Equal(3, bridge.Said.Lines.Count(line => line.Contains(Told, StringComparison.Ordinal)));
        Assert.DoesNotContain(bridge.Said.Lines, line => line.Contains("is read again", StringComparison.Ordinal));
    }
}
