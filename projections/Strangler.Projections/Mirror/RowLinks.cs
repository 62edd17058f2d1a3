using System.Text;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Mirror;

/// <summary>Computes the links of a version.</summary>
internal static class RowLinks
{
    /// <summary>
    /// The link columns of a row. Where a column can't be read, links that don't read it are computed all the same. One
    /// that does, and by which rows are found, leaves it unknown to which keys the row belongs: without it, mapping
    /// can't be right. One that only leads on may be left null: whoever would go through it reaches this row, and is
    /// quarantined for as long as the row is as it is.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="row">JSON text of the mirrored columns.</param>
    /// <param name="unread">Takes what a projection can't read.</param>
    /// <param name="before">Links to begin with, where only those of some projections are computed again.</param>
    /// <param name="only">Whose links are computed; null: everybody's.</param>
    public static string?[] Of(
        MirrorTable table,
        string row,
        Action<UnreadableRow> unread,
        string?[]? before = null,
        IReadOnlySet<BoundProjection>? only = null
    )
    {
        var links = before is null ? new string?[table.Slots] : [.. before];
        byte[]? bytes = null;
        foreach (var use in table.Uses)
        {
            if (!use.Projection.Live || only?.Contains(use.Projection) is false)
                continue;
            bytes ??= Encoding.UTF8.GetBytes(row);
            try
            {
                if (Fill(links, use, bytes) is { } problem)
                    unread(
                        new UnreadableRow(use, $"The row {row} of {table} could not be read: {problem}", IsFound: true)
                    );
            }
#pragma warning disable CA1031 // whatever the team's code throws stops this projection and no other
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var problem =
                    $"The row {row} of {table} could not be read, or its links could not be computed, so that its "
                    + $"keys are not known: {exception.Message}";
                unread(new UnreadableRow(use, problem, IsFound: false));
            }
        }
        return links;
    }

    /// <summary>Whether a projection that has left could read the row.</summary>
    public static bool CanRead(TableUse use, string row)
    {
        try
        {
            return Fill(new string?[use.Mirror.Slots], use, Encoding.UTF8.GetBytes(row)) is null;
        }
#pragma warning disable CA1031 // as above
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <returns>Why a column could not be read, where the row is found nevertheless; null if all could.</returns>
    private static string? Fill(string?[] links, TableUse use, byte[] bytes)
    {
        object? read;
        (PartialRow Row, RowReadException Cause)? part = null;
        try
        {
            read = use.Model.Read(bytes);
        }
        catch (RowReadException exception) when (use.Model.ReadPart is { } readPart)
        {
            part = (readPart(bytes), exception);
            read = part.Value.Row.Row;
        }
        foreach (var link in use.Model.Links)
        {
            var isKnown = part?.Row.Holds(link) is not false;
            if (!isKnown && use.Model.IsFoundBy(link))
                throw part!.Value.Cause;
            var value = isKnown ? link.Value(read!) : null;
            if (value?.Contains('\0', StringComparison.Ordinal) is true)
                throw new InvalidOperationException("A value that joins contains the character with code zero.");
            links[use.Slot(link)] = value is null ? null : StoreText.Indexed(value);
        }
        return part?.Cause.Message;
    }
}
