using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What the log has of tables whose rows the first snapshot doesn't read.</summary>
public sealed class SnapshotModeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_NoTableIsRead_TheLogDescribesEach()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key);
            create table part (id int primary key);
            insert into item values (1);
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("snapshot.mode", "no_data"));

        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            ["shop.public.item", "shop.public.part"],
            records.Where(record => record.Kind == LogRecordKind.Schema).Select(record => record.Topic)
        );
        Assert.DoesNotContain(records, record => record.Kind == LogRecordKind.Data);
    }
}
