using Strangler.CdcBridge.Configuration;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

public sealed class ColumnOptionsTests
{
    [Fact]
    public void Read_Lists_MatchWholeNamesInAnyCase()
    {
        var columns = Read(("column.include.list", "public\\.item\\.(id|name), public.x\\,y.z")).Events.Columns;

        Assert.Collection(
            columns.Included,
            first =>
            {
                Assert.True(first.IsMatch("public.item.id"));
                Assert.True(first.IsMatch("PUBLIC.Item.Name"));
                Assert.False(first.IsMatch("public.item.names"));
            },
            second => Assert.True(second.IsMatch("public.x,y.z"))
        );
    }

    /// <summary>Of the rules of a connector the first that matches applies: truncations, masks, hashes.</summary>
    [Fact]
    public void Read_Masks_AreInTheConnectorsOrder()
    {
        var masks = Read(
            ("column.mask.hash.v2.SHA-512.with.salt.a.b", "t.h2"),
            ("column.mask.hash.SHA-256.with.salt.s1", "t.h1"),
            ("column.mask.with.12.chars", "t.m1,t.m2"),
            ("column.truncate.to.20.chars", "t.t")
        ).Events.Columns.Masks;

        Assert.Equal(
            [
                "Truncation 20 t.t",
                "Asterisks 12 t.m1",
                "Asterisks 12 t.m2",
                "Hash 1 SHA-256 s1 t.h1",
                "Hash 2 SHA-512 a.b t.h2",
            ],
            masks.Select(mask =>
                mask switch
                {
                    ColumnMask.Truncation truncation => $"Truncation {truncation.Length}",
                    ColumnMask.Asterisks asterisks => $"Asterisks {asterisks.Length}",
                    ColumnMask.Hash hash => $"Hash {hash.Version} {hash.Algorithm} {hash.Salt}",
                    _ => "",
                }
                + " "
                + new[] { "t.t", "t.m1", "t.m2", "t.h1", "t.h2" }.Single(mask.Columns.IsMatch)
            )
        );
    }

    [Fact]
    public void Read_MessageKeys_KeepTablesAndColumnsInOrder()
    {
        var keys = Read(("message.key.columns", " public.item:b, a ;(.*)\\.order:id;")).Events.Columns.Keys;

        Assert.Equal(2, keys.Count);
        Assert.Equal(["b", "a"], keys[0].Columns);
        Assert.True(keys[0].Table.IsMatch("public.item"));
        Assert.True(keys[0].Patterns[1].IsMatch("public.item.a"));
        Assert.True(keys[1].Table.IsMatch("shop.order"));
        Assert.False(keys[1].Table.IsMatch("shop.orders"));
        Assert.True(keys[1].Patterns[0].IsMatch("shop.order.id"));
    }

    [Fact]
    public void Read_PropagatedTypes_AreBothLists()
    {
        var columns = Read(
            ("column.propagate.source.type", "public.item.price"),
            ("datatype.propagate.source.type", ".*\\.numeric")
        ).Events.Columns;

        Assert.True(Assert.Single(columns.PropagatedColumns).IsMatch("public.item.price"));
        Assert.True(Assert.Single(columns.PropagatedTypes).IsMatch("public.item.numeric"));
    }

    [Fact]
    public void Read_ReplicaIdentities_AreAssigned()
    {
        var identities = Read(
            ("replica.identity.autoset.values", "public.a:full,public.b:INDEX b_key , public.c:DEFAULT")
        ).Stream.Identities;

        Assert.Equal(
            [("FULL", null), ("INDEX", "b_key"), ("DEFAULT", null)],
            identities.Select(identity => (identity.Identity, identity.Index))
        );
        Assert.True(identities[1].Table.IsMatch("public.b"));
    }

    [Fact]
    public void Read_SelectOverrides_AreThoseOfListedTables()
    {
        var config = Read(
            ("snapshot.select.statement.overrides", "public.a, public.b"),
            ("snapshot.select.statement.overrides.public.a", "select * from a where x"),
            ("snapshot.select.statement.overrides.public.c", "select 1")
        );

        Assert.Equal([KeyValuePair.Create("public.a", "select * from a where x")], config.Snapshot.Overrides);
        Assert.Equal(["Source:snapshot.select.statement.overrides.public.c"], config.Notices);
    }

    [Fact]
    public void Read_MessagePrefixes_AreBothLists()
    {
        Assert.True(
            Assert.Single(Read(("message.prefix.include.list", "a.*")).Events.IncludedMessages).IsMatch("audit")
        );
        Assert.True(
            Assert.Single(Read(("message.prefix.exclude.list", "b.*")).Events.ExcludedMessages).IsMatch("beat")
        );
    }
}
