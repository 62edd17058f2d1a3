using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Applying;

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
