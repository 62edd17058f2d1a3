namespace Strangler.CdcBridge.Wire;

/// <summary>The place of a column's value in its frame.</summary>
internal readonly record struct ColumnSlice(ColumnKind Kind, int Start, int Length);
