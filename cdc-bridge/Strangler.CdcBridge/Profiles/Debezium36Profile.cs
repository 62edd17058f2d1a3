using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Debezium;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Wire;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Profiles;

/// <summary>The events of Debezium's PostgreSQL connector 3.6, byte for byte.</summary>
internal sealed class Debezium36Profile(string prefix, EventOptions options, string run) : EventProfile(prefix)
{
    /// <summary>The release whose events these are.</summary>
    public const string Release = "3.6.1.Final";

    private readonly FirstLabels _labels = new();

    public override string Version => Release;

    public override ImmutableArray<LogHeader> Headers { get; } =
        options.HasContextHeaders
            ?
            [
                new LogHeader("__debezium.context.connectorLogicalName", prefix),
                new LogHeader("__debezium.context.taskId", "0"),
                new LogHeader("__debezium.context.connectorName", "postgresql"),
                new LogHeader("__debezium.context.runId", run),
            ]
            : [];

    public override bool HasSnapshotIds => true;

    public override bool ReadsAgain => false;

    public override bool ReadsAllColumns => true;

    public override bool OmitsStreamWord => !options.ValueConverter.ReplacesNullWithDefault;

    public override bool HasTransactionMetadata => options.HasTransactionMetadata;

    public override (byte[] Key, byte[] Value) TransactionHeads =>
        HeadsOf(ControlSchemas.TransactionKey, ControlSchemas.TransactionValue);

    public override (byte[] Key, byte[] Value) MessageHeads =>
        HeadsOf(
            ControlSchemas.MessageKey,
            ControlSchemas.MessageValue(BinaryFormats.Bytea(options.Values.Binary).Schema)
        );

    public override (byte[] Key, byte[] Value) HeartbeatHeads =>
        HeadsOf(ControlSchemas.HeartbeatKey, ControlSchemas.HeartbeatValue);

    public override string TransactionTopic => $"{Prefix}{options.TopicDelimiter}{options.TransactionTopic}";

    public override string EventTopic(string schema, string table) =>
        options.TopicDelimiter == "."
            ? Topic(schema, table)
            : TopicName.Of(Prefix, schema, table, options.TopicDelimiter);

    public override TimeSpan HeartbeatInterval => options.Heartbeat.Interval;

    public override string HeartbeatTopic =>
        options.Heartbeat.TopicName ?? $"{options.Heartbeat.TopicPrefix}{options.TopicDelimiter}{Prefix}";

    public override bool HasMessages => true;

    public override bool WritesMessages(string prefix) =>
        (options.IncludedMessages.Count == 0 || options.IncludedMessages.Any(message => message.IsMatch(prefix)))
        && !options.ExcludedMessages.Any(message => message.IsMatch(prefix));

    public override byte[] MessageContent(ReadOnlySpan<byte> content)
    {
        var json = new ArrayBufferWriter<byte>();
        BinaryFormats.Unknown(options.Values.Binary).Encode(content, json);
        return json.WrittenSpan.ToArray();
    }

    public override bool OmitsUnconverted => true;

    public override bool ShowsOldKeys => true;

    public override bool SkipsUnchanged => options.SkipsUnchanged;

    public override TombstonePolicy Tombstones => options.HasTombstones ? TombstonePolicy.All : TombstonePolicy.None;

    public override bool Writes(char operation) => !options.SkippedOperations.Contains(operation);

    public override byte[] Json(string text) => JavaJson.Bytes(text);

    public override ColumnModel Column(in ColumnFacts column)
    {
        var context = new TypeContext(options.Values, options.ValueConverter.Decimals, column.IsSnapshot);
        var type = _labels.Of(column.Type);
        var name = AdjustedName.OfField(column.Name, options.FieldNames);
        byte[] nameJson = [.. JavaJson.Bytes(name), (byte)':'];
        if (
            TypeFormats.For(type, context) is not { } format
            || TypeFormats.For(type, context with { Decimals = options.KeyConverter.Decimals }) is not { } key
        )
            return new ColumnModel(column.Name, type, !column.IsNotNull, nameJson, static (_, _) => { }, [])
            {
                IsInValues = false,
                IsInKeys = false,
            };
        var ofDefault = TypeFormats.For(type, context with { IsSnapshot = false });
        var preset = ColumnDefaults.Of(type, column.Default, ofDefault ?? format);
        var schema = format.Schema with { IsOptional = !column.IsRequired, Default = preset };
        var masked = ColumnMasks.Apply(column, format, options.Columns.Masks);
        return new ColumnModel(
            column.Name,
            type,
            !column.IsNotNull,
            nameJson,
            column.IsRequired ? OrElse(masked.Encode, preset ?? format.Fallback) : masked.Encode,
            masked.Unavailable
        )
        {
            EncodeKey = column.IsRequired ? OrElse(key.Encode, preset ?? key.Fallback) : key.Encode,
            Null = masked.OfNull(
                column.IsRequired ? preset ?? format.Fallback
                : options.ValueConverter.ReplacesNullWithDefault && preset is not null ? preset
                : [.. "null"u8]
            ),
            IsInValues = IsIncluded(column.WholeName),
            Field = new ConnectField(name, Propagated(column, masked.Alter(schema))),
            KeyField = new ConnectField(name, schema),
        };
    }

    public override IEnumerable<int> Key(
        RelationShape shape,
        IReadOnlyList<string> identityKey,
        IReadOnlyList<string> uniqueKey
    )
    {
        var names = shape.Columns.Select(column => column.Name).ToList();
        var custom = options
            .Columns.Keys.SelectMany(key => key.Patterns)
            .SelectMany(key => names.Index().Where(name => key.IsMatch($"{shape.Schema}.{shape.Table}.{name.Item}")))
            .Select(name => name.Index)
            .ToList();
        return custom.Count > 0 ? custom : uniqueKey.Select(name => names.IndexOf(name)).Where(place => place >= 0);
    }

    public override (byte[] Key, byte[] Value) Heads(
        string topic,
        IReadOnlyList<ColumnModel>? key,
        IReadOnlyList<ColumnModel> columns
    )
    {
        var name = AdjustedName.OfSchema(topic, options.SchemaNames);
        return (
            options.KeyConverter.HasSchemas && key is not null
                ? SchemaHead.Of(
                    ConnectSchema.Struct([.. key.Select(column => column.KeyField!)]).Named($"{name}.Key", null)
                )
                : [],
            options.ValueConverter.HasSchemas
                ? SchemaHead.Of(
                    EnvelopeSchema.Of(
                        name,
                        [.. columns.Where(column => column.IsInValues).Select(column => column.Field!)]
                    )
                )
                : []
        );
    }

    /// <summary>
    /// In a column that can't be null, a value that can't be converted becomes what a missing one is.
    /// </summary>
    private static ValueEncoder OrElse(ValueEncoder encode, byte[] otherwise) =>
        (text, json) =>
        {
            var begin = json.WrittenCount;
            encode(text, json);
            if (!json.WrittenSpan[begin..].SequenceEqual("null"u8))
                return;
            json.Rewind(begin);
            json.Write(otherwise);
        };

    private (byte[] Key, byte[] Value) HeadsOf(ConnectSchema key, ConnectSchema value) =>
        (
            options.KeyConverter.HasSchemas ? SchemaHead.Of(key) : [],
            options.ValueConverter.HasSchemas ? SchemaHead.Of(value) : []
        );

    private bool IsIncluded(string wholeName) =>
        (options.Columns.Included.Count == 0 || options.Columns.Included.Any(column => column.IsMatch(wholeName)))
        && !options.Columns.Excluded.Any(column => column.IsMatch(wholeName));

    /// <summary>Adds the source's type to the schema, where that is configured.</summary>
    private ConnectSchema Propagated(in ColumnFacts column, ConnectSchema schema)
    {
        var (wholeName, typeName) = (column.WholeName, $"{column.Table}.{column.Type.BaseName}");
        if (
            !options.Columns.PropagatedColumns.Any(expression => expression.IsMatch(wholeName))
            && !options.Columns.PropagatedTypes.Any(expression => expression.IsMatch(typeName))
        )
            return schema;
        var (length, scale) = TypeLength.Of(column.Type);
        return schema
            .With("__debezium.source.column.type", column.Type.BaseName.ToUpperInvariant())
            .With("__debezium.source.column.length", length.ToString(CultureInfo.InvariantCulture))
            .With("__debezium.source.column.scale", scale.ToString(CultureInfo.InvariantCulture))
            .With("__debezium.source.column.name", column.Name);
    }
}
