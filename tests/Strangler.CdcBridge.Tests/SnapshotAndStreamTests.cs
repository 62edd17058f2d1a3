using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

public sealed class SnapshotAndStreamTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_TableWithRowsAndAnInsert_SnapshotThenStream()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (sku text primary key, quantity int); insert into item values ('a', 1), ('b', null)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.RecordsAsync(records => records.Count >= 4);

        await source.ExecuteAsync("insert into item values ('c', 3)");
        var records = await bridge.RecordsAsync(records => records.Count >= 5);

        Assert.Equal(
            [
                "schema item (sku text, quantity integer)",
                """r item {"sku":"a"} null {"sku":"a","quantity":1}""",
                """r item {"sku":"b"} null {"sku":"b","quantity":null}""",
                """read item {"rows":2}""",
                """c item {"sku":"c"} null {"sku":"c","quantity":3}""",
            ],
            Written.All(records)
        );
    }
}
