namespace Strangler.CdcBridge.Replication;

/// <summary>Tables were truncated.</summary>
internal sealed record TruncateMessage(IReadOnlyList<uint> Relations)
{
    public const char Kind = 'T';

    public static TruncateMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var count = reader.ReadInt32();
        reader.ReadByte(); // CASCADE and RESTART IDENTITY: every truncated table is listed, whatever the reason
        if (count < 0 || count > reader.Left / 4)
            throw new MalformedFrameException($"A truncate of {count} tables has {reader.Left} bytes left for them.");
        var relations = new uint[count];
        for (var i = 0; i < relations.Length; i++)
            relations[i] = reader.ReadUInt32();
        reader.ExpectEnd();
        return new TruncateMessage(relations);
    }
}
