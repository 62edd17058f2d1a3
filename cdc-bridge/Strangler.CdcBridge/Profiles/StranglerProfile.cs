using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Wire;

namespace Strangler.CdcBridge.Profiles;

/// <summary>
/// Strangler's own events: Debezium's envelope without schemas, in which every value can be read back as it was.
/// </summary>
internal sealed class StranglerProfile(string prefix) : EventProfile(prefix)
{
    /// <summary>Of the connector whose envelope it is.</summary>
    public override string Version => Debezium36Profile.Release;

    public override bool HasOwnHeaders => true;

    public override ColumnModel Column(in ColumnFacts column) =>
        new(
            column.Name,
            column.Type,
            !column.IsNotNull,
            [.. JsonText.String(column.Name), (byte)':'],
            Encoders.For(column.Type, column.TypeModifier),
            Encoders.UnavailableFor(column.Type)
        );

    /// <summary>
    /// The identity's columns in the order of its index or the primary key. If the catalogue names a column that the
    /// shape lacks, the columns of the identity are the key.
    /// </summary>
    public override IEnumerable<int> Key(
        RelationShape shape,
        IReadOnlyList<string> identityKey,
        IReadOnlyList<string> uniqueKey
    )
    {
        var names = shape.Columns.Select(column => column.Name).ToList();
        var places = identityKey.Select(name => names.IndexOf(name)).ToList();
        var fits =
            places.TrueForAll(place => place >= 0)
            && (
                shape.Identity is 'f' or 'n'
                || shape.Columns.Count(column => column.InIdentity) == places.Count
                    && places.TrueForAll(place => shape.Columns[place].InIdentity)
            );
        if (fits)
            return places;
        return shape.Identity is 'f' or 'n'
            ? []
            : Enumerable.Range(0, names.Count).Where(i => shape.Columns[i].InIdentity);
    }
}
