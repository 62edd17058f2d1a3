namespace Strangler.CdcBridge.Wire;

/// <summary>A row was deleted.</summary>
internal readonly ref struct DeleteMessage
{
    public const char Kind = 'D';

    public uint Relation { get; private init; }

    public OldRow OldKind { get; private init; }

    public RowTuple Old { get; private init; }

    public static DeleteMessage Read(ReadOnlySpan<byte> frame, TupleSlices slices)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var relation = reader.ReadUInt32();
        var kind = reader.ReadByte();
        if (kind is not ((byte)OldRow.Key or (byte)OldRow.Full))
            throw new MalformedFrameException(
                $"A delete's tuple is of kind {kind}: it is neither old key ('K') nor old row ('O')."
            );
        slices.Read(ref reader);
        reader.ExpectEnd();
        return new DeleteMessage
        {
            Relation = relation,
            OldKind = (OldRow)kind,
            Old = new RowTuple(frame, slices.Slices),
        };
    }
}
