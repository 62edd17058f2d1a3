using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.Projections.Sources;

/// <summary>What a record of the log means for the mirror.</summary>
internal abstract record Change(Position Position)
{
    /// <summary>A row has a new version.</summary>
    /// <param name="Pk">The key record's JSON text.</param>
    /// <param name="Row">JSON text of the mirrored columns.</param>
    /// <param name="Unavailable">Columns that were not sent; they are left out of <paramref name="Row"/>.</param>
    /// <param name="FormerPk">
    /// The key that the row had before, where it changed: what was not sent is found there.
    /// </param>
    /// <param name="Read">Read by a snapshot, not written by a transaction.</param>
    public sealed record Written(
        Position Position,
        string Pk,
        string Row,
        IReadOnlySet<string> Unavailable,
        string? FormerPk,
        bool Read
    ) : Change(Position);

    /// <summary>A row is gone.</summary>
    public sealed record Deleted(Position Position, string Pk) : Change(Position);

    /// <summary>All rows of the table are gone.</summary>
    public sealed record Emptied(Position Position) : Change(Position);

    /// <summary>The table's catalogue from here on.</summary>
    public sealed record Described(Position Position, TableSchema Schema) : Change(Position);

    /// <summary>Nobody knows what the table holds until it has been read again.</summary>
    /// <param name="Why">What happened, and what fixes it.</param>
    public sealed record Doubted(Position Position, string Why) : Change(Position);

    /// <summary>Rows that were not read at this commit no longer exist.</summary>
    public sealed record Reread(Position Position) : Change(Position);

    /// <summary>A row without a key, which a mirror cannot hold.</summary>
    public sealed record Keyless(Position Position) : Change(Position);
}
