using System.Collections.Immutable;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Schema;

/// <summary>How a table's rows are written: everything that is the same for each row is computed once.</summary>
internal sealed class RelationModel
{
    private RelationModel(
        RelationShape shape,
        EventProfile profile,
        ImmutableArray<ColumnModel> columns,
        ImmutableArray<int> key
    )
    {
        (Shape, Topic, Columns) = (shape, profile.Topic(shape.Schema, shape.Table), columns);
        (HasKey, Key) = (key.Length > 0, [.. key.Where(place => columns[place].IsInKeys)]);
        EventTopic = profile.EventTopic(shape.Schema, shape.Table);
        (KeyHead, ValueHead) = profile.Heads(
            EventTopic,
            HasKey ? [.. Key.Select(place => columns[place])] : null,
            columns
        );
        ShapeHash = shape.Hash();
        SourceTail =
        [
            .. "\"schema\":"u8,
            .. profile.Json(shape.Schema),
            .. ",\"table\":"u8,
            .. profile.Json(shape.Table),
            .. ",\"txId\":"u8,
        ];
    }

    public RelationShape Shape { get; }

    public string ShapeHash { get; }

    /// <summary>The topic by which the table is known.</summary>
    public string Topic { get; }

    /// <summary>The topic of its events: another one if another delimiter is configured.</summary>
    public string EventTopic { get; }

    public ImmutableArray<ColumnModel> Columns { get; }

    /// <summary>Whether rows have a key. It has no columns if the format has none of their types.</summary>
    public bool HasKey { get; }

    /// <summary>The key's columns as indices into <see cref="Columns"/>, in the key's order.</summary>
    public ImmutableArray<int> Key { get; }

    /// <summary>What stands before each key: its schema, or nothing.</summary>
    public byte[] KeyHead { get; }

    /// <summary>What stands before each value: its schema, or nothing.</summary>
    public byte[] ValueHead { get; }

    /// <summary>The part of <c>source</c> that names the table.</summary>
    public byte[] SourceTail { get; }

    /// <param name="shape">The table's shape.</param>
    /// <param name="profile">What events look like.</param>
    /// <param name="types">A type for each column of the shape.</param>
    /// <param name="facts">What the catalogue has now.</param>
    /// <param name="isSnapshot">Whether rows of a snapshot are written.</param>
    public static RelationModel Of(
        RelationShape shape,
        EventProfile profile,
        IReadOnlyList<TypeModel> types,
        TableFacts facts,
        bool isSnapshot = false
    )
    {
        var columns = shape
            .Columns.Select(
                (column, i) =>
                    profile.Column(
                        new ColumnFacts(
                            $"{shape.Schema}.{shape.Table}",
                            column.Name,
                            types[i],
                            column.TypeModifier,
                            facts.Columns.GetValueOrDefault(column.Name) is { NotNull: true },
                            facts.Columns.GetValueOrDefault(column.Name) is { IsRequired: true },
                            facts.Columns.GetValueOrDefault(column.Name)?.Default
                        )
                        {
                            IsSnapshot = isSnapshot,
                        }
                    )
            )
            .ToImmutableArray();
        return new RelationModel(shape, profile, columns, [.. profile.Key(shape, facts.Key, facts.UniqueKey)]);
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
}
