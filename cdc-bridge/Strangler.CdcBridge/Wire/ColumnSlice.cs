namespace Strangler.CdcBridge.Wire;

/// <summary>How a column is in a tuple.</summary>
internal enum ColumnKind : byte
{
    Null = (byte)'n',

    /// <summary>A TOAST value that the update did not change and the server did not send.</summary>
    Unchanged = (byte)'u',
    Text = (byte)'t',
}

/// <summary>Where in its frame the value of a column lies.</summary>
internal readonly record struct ColumnSlice(ColumnKind Kind, int Start, int Length);
