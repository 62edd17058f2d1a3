using System.Text;
using Strangler.Projections.Applying;

namespace Strangler.Projections.Mirror;

/// <summary>Computes the links of a version.</summary>
internal static class RowLinks
{
    // PostgreSQL's btree holds values of up to a third of a page; beyond this nobody joins.
    private const int MaxBytes = 2_000;

    /// <summary>The link columns of a row. A projection whose reading or link throws is reported and its links are left null: without them, mapping cannot be right.</summary>
    /// <param name="table">The table.</param>
    /// <param name="row">JSON text of the mirrored columns.</param>
    /// <param name="stop">Takes a projection that cannot go on, and why.</param>
    /// <param name="before">Links to begin with, where only those of some projections are computed again.</param>
    /// <param name="only">Whose links are computed; null: everybody's.</param>
    public static string?[] Of(MirrorTable table, string row, Action<BoundProjection, string> stop, string?[]? before = null, IReadOnlySet<BoundProjection>? only = null)
    {
        var links = before is null ? new string?[table.Slots] : [.. before];
        byte[]? bytes = null;
        foreach (var use in table.Uses)
        {
            if (!use.Projection.Live || use.Slots.Length == 0 || only?.Contains(use.Projection) is false) continue;
            bytes ??= Encoding.UTF8.GetBytes(row);
            try
            {
                var read = use.Model.Read(bytes);
                foreach (var link in use.Model.Links)
                {
                    var value = link.Value(read);
                    if (value is not null && Encoding.UTF8.GetByteCount(value) > MaxBytes) throw new InvalidOperationException($"A value that joins has more than {MaxBytes} bytes: '{value[..60]}…'.");
                    if (value?.Contains('\0', StringComparison.Ordinal) is true) throw new InvalidOperationException("A value that joins contains the character with code zero.");
                    links[use.Slot(link)] = value;
                }
            }
#pragma warning disable CA1031 // whatever the team's code throws stops this projection and no other
            catch (Exception exception)
#pragma warning restore CA1031
            {
                stop(use.Projection, $"The row {row} of {table} could not be read, or its links could not be computed: {exception.Message}");
            }
        }
        return links;
    }
}
