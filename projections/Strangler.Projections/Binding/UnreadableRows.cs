namespace Strangler.Projections.Binding;

/// <summary>
/// Rows of the mirror that a projection can't read, kept to notice when the last of them is fixed. At most
/// <see cref="MaxRows"/> are remembered: if there are more, the others are found again when the projection is built
/// again.
/// </summary>
internal sealed class UnreadableRows
{
    public const int MaxRows = 1_000;
    private readonly HashSet<(int Table, string Pk)> _rows = [];

    /// <summary>Whether there were such rows and all are fixed.</summary>
    public bool IsMended { get; private set; }

    public bool IsEmpty => _rows.Count == 0;

    public bool Contains(int table, string pk) => _rows.Contains((table, pk));

    public void Add(int table, string pk)
    {
        if (_rows.Count < MaxRows)
            _rows.Add((table, pk));
        IsMended = false;
    }

    /// <summary>The row can be read, or is gone.</summary>
    public void Remove(int table, string pk)
    {
        if (_rows.Remove((table, pk)))
            IsMended = IsEmpty;
    }

    /// <summary>All rows of the table are gone.</summary>
    public void Remove(int table)
    {
        if (_rows.RemoveWhere(row => row.Table == table) > 0)
            IsMended = IsEmpty;
    }
}
