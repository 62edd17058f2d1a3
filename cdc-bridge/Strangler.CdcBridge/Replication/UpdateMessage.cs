namespace Strangler.CdcBridge.Replication;

/// <summary>A row was updated.</summary>
internal readonly ref struct UpdateMessage
{
    public const char Kind = 'U';

    public uint Relation { get; private init; }

    public OldRow OldKind { get; private init; }

    /// <summary>The old row; without columns if it wasn't sent.</summary>
    public RowTuple Old { get; private init; }

    public RowTuple New { get; private init; }

    public static UpdateMessage Read(ReadOnlySpan<byte> frame, TupleSlices oldSlices, TupleSlices newSlices)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var relation = reader.ReadUInt32();
        var kind = reader.ReadByte();
        var oldKind = OldRow.None;
        oldSlices.Begin();
        if (kind is (byte)OldRow.Key or (byte)OldRow.Full)
        {
            oldKind = (OldRow)kind;
            oldSlices.Read(ref reader);
            kind = reader.ReadByte();
        }
        if (kind != 'N')
            throw new MalformedFrameException(
                $"An update's tuple is of kind {kind}: it is neither old key ('K'), old row ('O') nor new row ('N')."
            );
        newSlices.Read(ref reader);
        reader.ExpectEnd();
        return new UpdateMessage
        {
            Relation = relation,
            OldKind = oldKind,
            Old = new RowTuple(frame, oldSlices.Slices),
            New = new RowTuple(frame, newSlices.Slices),
        };
    }
}
