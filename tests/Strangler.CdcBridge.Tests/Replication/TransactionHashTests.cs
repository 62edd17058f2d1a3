using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

public sealed class TransactionHashTests
{
    private static readonly RelationShape Item = Shape(1, "item", "id", "v");

    [Fact]
    public void Take_ShapeWithOtherIdsAndTypes_IsTheSame() =>
        Assert.Equal(Of([Item], "49000000014E01"), Of([Item with { Oid = 9 }], "49000000094E01"));

    [Fact]
    public void Take_AnythingElseThatDiffers_IsAnother()
    {
        TransactionDigest[] all =
        [
            Of([Item]),
            Of([Item], "49000000014E01"),
            Of([Item], "49000000014E02"),
            Of([Item], "55000000014E01"),
            Of([Item], "49000000014E01", "49000000014E01"),
            Of([Item], "49000000014E0149000000014E01"),
            Of([Shape(1, "other", "id", "v")], "49000000014E01"),
            Of([Shape(1, "item", "id", "w")], "49000000014E01"),
            Of([Shape(1, "item", "idv")], "49000000014E01"),
            Of([Item, Shape(2, "item2", "id", "v")], "49000000024E01"),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    /// <summary>Logs contain digests: one that comes out differently needs another version.</summary>
    [Fact]
    public void Take_Version1_IsPinned()
    {
        using var hash = new TransactionHash(isRaw: false);
        hash.Learn(Item);
        hash.AddRow(1, Convert.FromHexString("490000000141"));
        hash.AddTruncate(1);
        var changes = hash.Changes;

        Assert.Equal((2, "1:11b60bd1ebd02a960753e4fbf429abb1"), (changes, hash.Take().ToString()));
        Assert.Equal(0, hash.Changes);
        Assert.Throws<MalformedFrameException>(() => hash.AddTruncate(7));
    }

    /// <summary>Values that the server converts have other bytes, so the two digests can't be compared.</summary>
    [Fact]
    public void Take_BytesAsTheyStand_IsOfAnotherVersion()
    {
        using var converted = new TransactionHash(isRaw: false);
        using var raw = new TransactionHash(isRaw: true);

        Assert.NotEqual(converted.Take().Version, raw.Take().Version);
    }

    private static TransactionDigest Of(RelationShape[] shapes, params string[] frames)
    {
        using var hash = new TransactionHash(isRaw: false);
        foreach (var shape in shapes)
            hash.Learn(shape);
        foreach (var frame in frames.Select(hex => Convert.FromHexString(hex)))
            hash.AddRow(frame[4], frame);
        return hash.Take();
    }

    private static RelationShape Shape(uint oid, string table, params string[] columns) =>
        new(
            oid,
            "public",
            table,
            'd',
            [.. columns.Select((name, index) => new RelationColumn(name, 20u + (uint)index, -1, index == 0))]
        );
}
