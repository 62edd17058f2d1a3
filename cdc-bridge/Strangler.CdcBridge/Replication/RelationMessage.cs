using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// The shape of a table from here on. It is sent before the table's first row on a connection, and again after the
/// table was altered.
/// </summary>
internal static class RelationMessage
{
    public const char Kind = 'R';

    public static RelationShape Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var oid = reader.ReadUInt32();
        var schema = Text(reader.ReadName());
        var table = Text(reader.ReadName());
        var identity = (char)reader.ReadByte();
        var count = reader.ReadInt16();
        if (count < 0)
            throw new MalformedFrameException($"A relation has {count} columns.");
        var columns = new RelationColumn[count];
        for (var i = 0; i < columns.Length; i++)
        {
            var inIdentity = (reader.ReadByte() & 1) != 0;
            columns[i] = new RelationColumn(
                Text(reader.ReadName()),
                reader.ReadUInt32(),
                reader.ReadInt32(),
                inIdentity
            );
        }
        reader.ExpectEnd();
        return new RelationShape(oid, schema.Length == 0 ? "pg_catalog" : schema, table, identity, columns);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
