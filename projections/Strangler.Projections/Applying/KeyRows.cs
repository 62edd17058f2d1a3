using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Applying;

/// <summary>The rows that the declared paths reach from a key.</summary>
/// <param name="Key">The key's canonical text.</param>
/// <param name="Named">Whether a row of a <c>Key</c> table names the key; if none does, the key is absent.</param>
/// <param name="Tables">Rows by the table's index in the declaration, sorted by primary key.</param>
internal sealed record KeyRows(string Key, bool Named, IReadOnlyList<IReadOnlyList<GatheredRow>> Tables);

/// <summary>A gathered row, which is read once, however many keys it belongs to.</summary>
internal sealed class GatheredRow(RowVersion version, TableUse use)
{
    private object? _row;
    private PrimaryKey? _primaryKey;

    public RowVersion Version => version;

    public PrimaryKey PrimaryKey => _primaryKey ??= new PrimaryKey(version.Pk);

    /// <summary>The row as the team's type. Throws if it can't be read.</summary>
    public object Row => _row ??= use.Model.Read(System.Text.Encoding.UTF8.GetBytes(version.Row!));
}

/// <summary>Versions that were gathered before, so that each is parsed once. Not thread-safe.</summary>
internal sealed class GatheredRows
{
    private readonly Dictionary<RowVersion, GatheredRow> _rows = new(ReferenceEqualityComparer.Instance);

    public GatheredRow Of(RowVersion version, TableUse use)
    {
        if (!_rows.TryGetValue(version, out var row))
            _rows[version] = row = new GatheredRow(version, use);
        return row;
    }
}
