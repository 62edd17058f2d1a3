namespace Strangler.CdcBridge.Replication;

/// <summary>A row in PostgreSQL's text output, in place in the frame that contains it.</summary>
internal readonly ref struct RowTuple(ReadOnlySpan<byte> frame, ReadOnlySpan<ColumnSlice> columns)
{
    private readonly ReadOnlySpan<byte> _frame = frame;
    private readonly ReadOnlySpan<ColumnSlice> _columns = columns;

    public int Count => _columns.Length;

    /// <summary>Whether there is a row.</summary>
    public bool Exists => _columns.Length > 0;

    public ColumnKind Kind(int column) => _columns[column].Kind;

    public ReadOnlySpan<byte> Value(int column) => _frame.Slice(_columns[column].Start, _columns[column].Length);
}
