using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.Projections.Sources;

/// <summary>The meaning of a record of the log for the mirror.</summary>
internal abstract record Change(Position Position)
{
    /// <summary>A row has a new version.</summary>
    /// <param name="Pk">The key record's JSON text.</param>
    /// <param name="Row">JSON text of the mirrored columns.</param>
    /// <param name="Unavailable">Columns whose values weren't sent; <paramref name="Row"/> omits them.</param>
    /// <param name="FormerPk">
    /// The row's previous key, if it changed: values that weren't sent are found under it.
    /// </param>
    /// <param name="Read">Whether a snapshot read it, instead of a transaction writing it.</param>
    public sealed record Written(
        Position Position,
        string Pk,
        string Row,
        IReadOnlySet<string> Unavailable,
        string? FormerPk,
        bool Read
    ) : Change(Position);

    /// <summary>A row was deleted.</summary>
    public sealed record Deleted(Position Position, string Pk) : Change(Position);

    /// <summary>All rows of the table were deleted.</summary>
    public sealed record Emptied(Position Position) : Change(Position);

    /// <summary>The table has this catalogue from here on.</summary>
    public sealed record Described(Position Position, TableSchema Schema) : Change(Position);

    /// <summary>The table's content is unknown until it has been read again.</summary>
    /// <param name="Why">What happened, and how to fix it.</param>
    public sealed record Doubted(Position Position, string Why) : Change(Position);

    /// <summary>Rows that were not read at this commit no longer exist.</summary>
    public sealed record Reread(Position Position) : Change(Position);

    /// <summary>A row has no key, so a mirror can't hold it.</summary>
    public sealed record Keyless(Position Position) : Change(Position);
}
