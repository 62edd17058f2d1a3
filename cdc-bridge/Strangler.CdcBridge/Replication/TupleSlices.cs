namespace Strangler.CdcBridge.Replication;

/// <summary>The slices of one tuple, reused from frame to frame so that reading allocates nothing.</summary>
internal sealed class TupleSlices
{
    private ColumnSlice[] _slices = new ColumnSlice[64];

    public int Count { get; private set; }

    public ReadOnlySpan<ColumnSlice> Slices => _slices.AsSpan(0, Count);

    /// <summary>Reads a tuple of the protocol: the number of columns, then each column with its kind.</summary>
    public void Read(ref FrameReader reader)
    {
        var count = reader.ReadInt16();
        if (count < 0)
            throw new MalformedFrameException($"A tuple has {count} columns.");
        Begin();
        for (var i = 0; i < count; i++)
        {
            switch (reader.ReadByte())
            {
                case (byte)ColumnKind.Null:
                    Add(new ColumnSlice(ColumnKind.Null, 0, 0));
                    break;
                case (byte)ColumnKind.Unchanged:
                    Add(new ColumnSlice(ColumnKind.Unchanged, 0, 0));
                    break;
                case (byte)ColumnKind.Text:
                    var length = reader.ReadInt32();
                    var start = reader.Offset;
                    reader.Take(length);
                    Add(new ColumnSlice(ColumnKind.Text, start, length));
                    break;
                case var kind:
                    throw new MalformedFrameException(
                        $"Column {i} of a tuple is of kind {kind}: "
                            + "it is neither null ('n'), unchanged ('u') nor text ('t')."
                    );
            }
        }
    }

    public void Begin() => Count = 0;

    public void Add(ColumnSlice slice)
    {
        if (Count == _slices.Length)
            Array.Resize(ref _slices, Count * 2);
        _slices[Count++] = slice;
    }
}
