using System.Collections.Immutable;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Schema;

/// <summary>How a table's rows are written: everything that is the same for each row is computed once.</summary>
internal sealed class RelationModel
{
    private RelationModel(
        RelationShape shape,
        string topic,
        ImmutableArray<ColumnModel> columns,
        ImmutableArray<int> key
    )
    {
        (Shape, Topic, Columns, Key) = (shape, topic, columns, key);
        ShapeHash = shape.Hash();
        SourceTail =
        [
            .. "\"schema\":"u8,
            .. JsonText.String(shape.Schema),
            .. ",\"table\":"u8,
            .. JsonText.String(shape.Table),
            .. ",\"txId\":"u8,
        ];
    }

    public RelationShape Shape { get; }

    public string ShapeHash { get; }

    /// <summary>Debezium's topic of the table.</summary>
    public string Topic { get; }

    public ImmutableArray<ColumnModel> Columns { get; }

    /// <summary>The key's columns as indices into <see cref="Columns"/>, in the key's order.</summary>
    public ImmutableArray<int> Key { get; }

    /// <summary>The part of <c>source</c> that names the table.</summary>
    public byte[] SourceTail { get; }

    /// <param name="shape">The table's shape.</param>
    /// <param name="prefix">The source's name, with which topics begin.</param>
    /// <param name="types">A type for each column of the shape.</param>
    /// <param name="keyNames">
    /// The key's columns in order, as the catalogue has them now. If it names a column that the shape lacks, the
    /// columns of the identity are the key.
    /// </param>
    /// <param name="notNull">The columns that can't be null.</param>
    public static RelationModel Of(
        RelationShape shape,
        string prefix,
        IReadOnlyList<TypeModel> types,
        IReadOnlyList<string> keyNames,
        IReadOnlySet<string> notNull
    )
    {
        var columns = shape
            .Columns.Select(
                (column, i) =>
                    new ColumnModel(
                        column.Name,
                        types[i],
                        !notNull.Contains(column.Name),
                        [.. JsonText.String(column.Name), (byte)':'],
                        Encoders.For(types[i], column.TypeModifier),
                        Encoders.UnavailableFor(types[i])
                    )
            )
            .ToImmutableArray();
        return new RelationModel(
            shape,
            TopicName.Of(prefix, shape.Schema, shape.Table),
            columns,
            [.. KeyOf(shape, keyNames)]
        );
    }

    /// <summary>The content of a Schema record.</summary>
    public TableSchema ToSchema(string fingerprint, bool inDoubt) =>
        new(
            Shape.Schema,
            Shape.Table,
            Shape.Oid,
            [
                .. Columns.Select(
                    (column, i) =>
                        new ColumnSchema(
                            column.Name,
                            column.Type.Name,
                            column.Type.BaseOid,
                            column.Nullable,
                            Key.IndexOf(i) is >= 0 and var ordinal ? ordinal : null
                        )
                ),
            ],
            fingerprint,
            inDoubt
        );

    private static IEnumerable<int> KeyOf(RelationShape shape, IReadOnlyList<string> keyNames)
    {
        var names = shape.Columns.Select(column => column.Name).ToList();
        var places = keyNames.Select(name => names.IndexOf(name)).ToList();
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
