namespace Strangler.CdcBridge.Replication;

/// <summary>How a tuple holds a column.</summary>
internal enum ColumnKind : byte
{
    Null = (byte)'n',

    /// <summary>A TOAST value that the update did not change and the server did not send.</summary>
    Unchanged = (byte)'u',
    Text = (byte)'t',
}

/// <summary>The place of a column's value in its frame.</summary>
internal readonly record struct ColumnSlice(ColumnKind Kind, int Start, int Length);
