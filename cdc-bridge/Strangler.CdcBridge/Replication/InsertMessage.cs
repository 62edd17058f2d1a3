namespace Strangler.CdcBridge.Replication;

/// <summary>A row was inserted.</summary>
internal readonly ref struct InsertMessage
{
    public const char Kind = 'I';

    public uint Relation { get; private init; }

    public RowTuple New { get; private init; }

    /// <param name="frame">The message.</param>
    /// <param name="slices">Holds the new row's slices for as long as the result is used.</param>
    public static InsertMessage Read(ReadOnlySpan<byte> frame, TupleSlices slices)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var relation = reader.ReadUInt32();
        reader.Expect('N');
        slices.Read(ref reader);
        reader.ExpectEnd();
        return new InsertMessage { Relation = relation, New = new RowTuple(frame, slices.Slices) };
    }
}
