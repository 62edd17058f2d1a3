using System.Text;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Mirror;

/// <summary>Computes the links of a version.</summary>
internal static class RowLinks
{
    /// <summary>
    /// The link columns of a row. If a column can't be read, links that don't read it are still computed. If a link
    /// reads it and rows are found by that link, the row's keys are unknown, and mapping can't be correct without them.
    /// A link that only leads to further rows can be left null: keys whose path goes through it reach this row, and are
    /// quarantined until the row changes.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="pk">The row's key, for the message: the row itself may be wide, and is the user's.</param>
    /// <param name="row">The JSON text of the mirrored columns.</param>
    /// <param name="unread">Receives the rows that a projection can't read.</param>
    /// <param name="before">The links to start with if only some projections' links are computed again.</param>
    /// <param name="only">The projections whose links are computed; null for all.</param>
    public static string?[] Of(
        MirrorTable table,
        string pk,
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
                {
                    var said = $"The row {ShortText.Of(pk)} of {table} could not be read: {ShortText.Of(problem)}";
                    unread(new UnreadableRow(use, said, IsFound: true));
                }
            }
#pragma warning disable CA1031 // any exception of the team's code stops this projection and no other
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var problem =
                    $"The row {ShortText.Of(pk)} of {table} could not be read, or its links could not be computed, "
                    + $"so that its keys are not known: {ShortText.Of(exception.Message)}";
                unread(new UnreadableRow(use, problem, IsFound: false));
            }
        }
        return links;
    }

    /// <summary>Whether a projection that has stopped could read the row.</summary>
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

    /// <returns>Why a column couldn't be read although the row is found; null if all could be read.</returns>
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
