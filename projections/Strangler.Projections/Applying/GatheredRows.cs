using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Applying;

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
