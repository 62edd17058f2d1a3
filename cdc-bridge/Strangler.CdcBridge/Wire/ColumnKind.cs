namespace Strangler.CdcBridge.Wire;

/// <summary>How a tuple holds a column.</summary>
internal enum ColumnKind : byte
{
    Null = (byte)'n',

    /// <summary>A TOAST value that the update did not change and the server did not send.</summary>
    Unchanged = (byte)'u',
    Text = (byte)'t',
}
