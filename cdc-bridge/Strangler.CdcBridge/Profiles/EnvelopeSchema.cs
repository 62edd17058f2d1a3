using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Profiles;

/// <summary>The schema of Debezium's envelope around a table's rows.</summary>
internal static class EnvelopeSchema
{
    private static readonly ConnectSchema OptionalText = ConnectSchema.String.Optional;
    private static readonly ConnectSchema OptionalNumber = ConnectSchema.Int64.Optional;

    private static readonly ConnectSchema Snapshot = ConnectSchema
        .String.Named("io.debezium.data.Enum")
        .With("allowed", "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
        .Optional with
    {
        Default = [.. "\"false\""u8],
    };

    /// <summary>Where a change comes from.</summary>
    public static readonly ConnectSchema Source = ConnectSchema
        .Struct(
            new ConnectField("version", ConnectSchema.String),
            new ConnectField("connector", ConnectSchema.String),
            new ConnectField("name", ConnectSchema.String),
            new ConnectField("ts_ms", ConnectSchema.Int64),
            new ConnectField("snapshot", Snapshot),
            new ConnectField("db", ConnectSchema.String),
            new ConnectField("sequence", OptionalText),
            new ConnectField("ts_us", OptionalNumber),
            new ConnectField("ts_ns", OptionalNumber),
            new ConnectField("schema", ConnectSchema.String),
            new ConnectField("table", ConnectSchema.String),
            new ConnectField("txId", OptionalNumber),
            new ConnectField("lsn", OptionalNumber),
            new ConnectField("xmin", OptionalNumber),
            new ConnectField("origin", OptionalText),
            new ConnectField("origin_lsn", OptionalNumber)
        )
        .Named("io.debezium.connector.postgresql.Source");

    /// <summary>The event's place in its transaction.</summary>
    public static readonly ConnectSchema Transaction = ConnectSchema
        .Struct(
            new ConnectField("id", ConnectSchema.String),
            new ConnectField("total_order", ConnectSchema.Int64),
            new ConnectField("data_collection_order", ConnectSchema.Int64)
        )
        .Named("event.block")
        .Optional;

    /// <param name="name">The topic, as a schema's name.</param>
    /// <param name="columns">The fields of a row.</param>
    public static ConnectSchema Of(string name, IReadOnlyList<ConnectField> columns)
    {
        var row = ConnectSchema.Struct(columns).Named($"{name}.Value", null).Optional;
        return ConnectSchema
            .Struct(
                new ConnectField("before", row),
                new ConnectField("after", row),
                new ConnectField("source", Source),
                new ConnectField("transaction", Transaction),
                new ConnectField("op", ConnectSchema.String),
                new ConnectField("ts_ms", OptionalNumber),
                new ConnectField("ts_us", OptionalNumber),
                new ConnectField("ts_ns", OptionalNumber)
            )
            .Named($"{name}.Envelope", 2);
    }
}
