using CsCheck;
using Dapper;
using Strangler.CdcBridge.Replication;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Replication;

/// <summary>Frames as a server sends them, and every way of corrupting them.</summary>
public sealed class DecoderTests(PostgresFixture postgres)
{
    // As protocol version 1 writes them for a table item (sku text primary key, quantity int).
    private const string Begin = "42000000000153F8A80002FD9A4B5C3D2E000003E9";
    private const string Commit = "4300000000000153F8A8000000000153F8D80002FD9A4B5C3D2E";
    private const string Relation =
        "520000402D7075626C6963006974656D0066000201736B750000000019FFFFFFFF017175616E746974790000000017FFFFFFFF";
    private const string Insert = "490000402D4E00027400000001617400000002" + "3137";
    private const string UpdateFull = "550000402D4F000274000000016174000000023137" + "4E00027400000001616E";
    private const string UpdateKey = "550000402D4B00027400000001616E" + "4E0002740000000162" + "75";
    private const string Update = "550000402D4E00027400000001616E";
    private const string Delete = "440000402D4B00027400000001616E";
    private const string Truncate = "540000000200" + "0000402D0000402E";
    private const string Message = "4D0100000000015400007374" + "72616E676C6572000000000968656172746265" + "6174";
    private const string Type = "5900004030" + "7075626C696300" + "6D6F6F6400";
    private const string Origin = "4F0000000001540000" + "6E6F64655F6100";

    private static readonly string[] All =
    [
        Begin,
        Commit,
        Relation,
        Insert,
        UpdateFull,
        UpdateKey,
        Update,
        Delete,
        Truncate,
        Message,
        Type,
        Origin,
    ];

    public static TheoryData<string> Frames => [.. All];

    [Fact]
    public void Read_Begin_HasCommitTimeAndXid()
    {
        var begin = BeginMessage.Read(Convert.FromHexString(Begin));

        Assert.Equal("0/153F8A8", begin.Commit.ToString());
        Assert.Equal(1001u, begin.Xid);
        Assert.Equal(2026, begin.CommittedAt.Year);
    }

    [Fact]
    public void Read_Commit_HasStartAndEnd()
    {
        var commit = CommitMessage.Read(Convert.FromHexString(Commit));

        Assert.Equal("0/153F8A8", commit.Commit.ToString());
        Assert.Equal("0/153F8D8", commit.End.ToString());
    }

    [Fact]
    public void Read_Relation_HasItsColumns()
    {
        var relation = RelationMessage.Read(Convert.FromHexString(Relation));

        Assert.Equal(
            ("public", "item", 'f', 16429u),
            (relation.Schema, relation.Table, relation.Identity, relation.Oid)
        );
        Assert.Equal(
            [("sku", 25u, true), ("quantity", 23u, true)],
            relation.Columns.Select(column => (column.Name, column.TypeOid, column.InIdentity))
        );
    }

    [Fact]
    public void Read_Rows_LieInTheFrame()
    {
        var (old, now) = (new TupleSlices(), new TupleSlices());

        var insert = InsertMessage.Read(Convert.FromHexString(Insert), now);
        Assert.Equal("17"u8, insert.New.Value(1));

        var full = UpdateMessage.Read(Convert.FromHexString(UpdateFull), old, now);
        Assert.Equal(OldRow.Full, full.OldKind);
        Assert.Equal("17"u8, full.Old.Value(1));
        Assert.Equal(ColumnKind.Null, full.New.Kind(1));

        var key = UpdateMessage.Read(Convert.FromHexString(UpdateKey), old, now);
        Assert.Equal(OldRow.Key, key.OldKind);
        Assert.Equal("b"u8, key.New.Value(0));
        Assert.Equal(ColumnKind.Unchanged, key.New.Kind(1));

        var plain = UpdateMessage.Read(Convert.FromHexString(Update), old, now);
        Assert.Equal(OldRow.None, plain.OldKind);
        Assert.False(plain.Old.Exists);

        Assert.Equal("a"u8, DeleteMessage.Read(Convert.FromHexString(Delete), old).Old.Value(0));
        Assert.Equal([16429u, 16430u], TruncateMessage.Read(Convert.FromHexString(Truncate)).Relations);
    }

    [Fact]
    public void Read_MessageTypeAndOrigin_AreWhole()
    {
        var message = LogicalMessage.Read(Convert.FromHexString(Message));
        Assert.True(message.Transactional);
        Assert.Equal("strangler"u8, message.Prefix);
        Assert.Equal("heartbeat"u8, message.Content);
        Assert.Equal(new TypeMessage(16432, "public", "mood"), TypeMessage.Read(Convert.FromHexString(Type)));
        Assert.Equal("node_a", OriginMessage.Read(Convert.FromHexString(Origin)).Name);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Read_FrameCutAnywhereOrTooLong_SaysSo(string hex)
    {
        var frame = Convert.FromHexString(hex);
        for (var length = 0; length < frame.Length; length++)
        {
            var cut = frame[..length];
            Assert.Throws<MalformedFrameException>(() => Read(frame[0], cut));
        }
        Assert.Throws<MalformedFrameException>(() => Read(frame[0], [.. frame, 0]));
        Read(frame[0], frame);
    }

    [Fact]
    public async Task Read_FramesOfTheServer_AreReadAndCutOnesAreRefused()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create type mood as enum ('sad', 'ok');
            create table item (id int primary key, m mood, big text);
            alter table item alter big set storage external;
            alter table item replica identity full;
            create table plain (id int primary key, v text);
            create publication p for table item, plain
            """
        );
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        await source.ExecuteAsync(
            "insert into item values (1, 'ok', repeat('x', 9000)); update item set m = null; delete from item; "
                + "insert into plain values (1, 'a'); update plain set id = 2; update plain set v = 'b'; "
                + "delete from plain"
        );
        await source.ExecuteAsync(
            "truncate item, plain; select pg_logical_emit_message(true, 'strangler', 'heartbeat')"
        );
        await using var connection = await source.Data.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var frames = (
            await connection.QueryAsync<byte[]>(
                $"select data from pg_logical_slot_get_binary_changes('{source.Slot}', null, null, 'proto_version', "
                    + "'1', 'publication_names', 'p', 'messages', 'true')"
            )
        ).ToList();
        await source.ExecuteAsync($"select pg_drop_replication_slot('{source.Slot}')");

        Assert.Equal("BCDIMRTUY", string.Concat(frames.Select(frame => (char)frame[0]).Distinct().Order()));
        foreach (var frame in frames)
        {
            Read(frame[0], frame);
            Assert.Throws<MalformedFrameException>(() => Read(frame[0], frame[..^1]));
            Assert.Throws<MalformedFrameException>(() => Read(frame[0], frame[..(frame.Length / 2)]));
        }
    }

    [Fact]
    public void Read_FrameWithAnyByteSpoilt_IsReadOrSaysSo() =>
        Gen.Select(Gen.Int[0, All.Length - 1], Gen.Int[0, 60], Gen.Byte)
            .Sample(
                (which, place, value) =>
                {
                    var frame = Convert.FromHexString(All[which]);
                    frame[1 + (place % (frame.Length - 1))] = value;
                    try
                    {
                        Read(frame[0], frame);
                    }
                    catch (Exception exception)
                        when (exception is MalformedFrameException or OverflowException or ArgumentOutOfRangeException)
                    {
                        // a time beyond the calendar
                        return exception is MalformedFrameException || frame[0] is (byte)'B' or (byte)'C';
                    }
                    return true;
                }
            );

    [Theory]
    [InlineData(5u, 0x1_0000_0003ul, 0x1_0000_0005ul)]
    [InlineData(0xFFFF_FFF0u, 0x1_0000_0003ul, 0xFFFF_FFF0ul)]
    [InlineData(3u, 0xFFFF_FFF0ul, 0x1_0000_0003ul)]
    [InlineData(7u, 3ul, 7ul)]
    [InlineData(0xFFFF_FFF0u, 3ul, 0xFFFF_FFF0ul)]
    public void Widen_AroundAWrap_IsTheNearest(uint xid, ulong near, ulong wide) =>
        Assert.Equal(wide, TransactionIds.Widen(xid, near));

    [Fact]
    public void Widen_AnyIdNearEnough_IsFound() =>
        Gen.Select(Gen.ULong[1UL << 32, 1UL << 50], Gen.Int[-2_000_000_000, 2_000_000_000])
            .Sample(
                (near, away) =>
                {
                    var wide = (ulong)((long)near + away);
                    return TransactionIds.Widen((uint)wide, near) == wide;
                }
            );

    private static object Read(byte kind, byte[] frame)
    {
        switch ((char)kind)
        {
            case 'B':
                return BeginMessage.Read(frame);
            case 'C':
                return CommitMessage.Read(frame);
            case 'R':
                return RelationMessage.Read(frame);
            case 'I':
                return InsertMessage.Read(frame, new TupleSlices()).Relation;
            case 'U':
                return UpdateMessage.Read(frame, new TupleSlices(), new TupleSlices()).Relation;
            case 'D':
                return DeleteMessage.Read(frame, new TupleSlices()).Relation;
            case 'T':
                return TruncateMessage.Read(frame);
            case 'M':
                return LogicalMessage.Read(frame).At;
            case 'Y':
                return TypeMessage.Read(frame);
            default:
                return OriginMessage.Read(frame);
        }
    }
}
