using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Profiles;

/// <summary>The schemas of Debezium's records that are not rows: transactions, messages, heartbeats.</summary>
internal static class ControlSchemas
{
    private const string Common = "io.debezium.connector.common";
    private const string Postgres = "io.debezium.connector.postgresql";

    private static readonly ConnectSchema OptionalText = ConnectSchema.String.Optional;

    public static readonly ConnectSchema TransactionKey = ConnectSchema
        .Struct(new ConnectField("id", ConnectSchema.String))
        .Named($"{Common}.TransactionMetadataKey");

    public static readonly ConnectSchema TransactionValue = ConnectSchema
        .Struct(
            new ConnectField("status", ConnectSchema.String),
            new ConnectField("id", ConnectSchema.String),
            new ConnectField("event_count", ConnectSchema.Int64.Optional),
            new ConnectField(
                "data_collections",
                ConnectSchema
                    .ArrayOf(
                        ConnectSchema
                            .Struct(
                                new ConnectField("data_collection", ConnectSchema.String),
                                new ConnectField("event_count", ConnectSchema.Int64)
                            )
                            .Named("event.collection")
                            .Optional
                    )
                    .Optional
            ),
            new ConnectField("ts_ms", ConnectSchema.Int64)
        )
        .Named($"{Common}.TransactionMetadataValue");

    public static readonly ConnectSchema MessageKey = ConnectSchema
        .Struct(new ConnectField("prefix", OptionalText))
        .Named($"{Postgres}.MessageKey");

    public static readonly ConnectSchema HeartbeatKey = ConnectSchema
        .Struct(new ConnectField("serverName", ConnectSchema.String))
        .Named($"{Common}.ServerNameKey");

    public static readonly ConnectSchema HeartbeatValue = ConnectSchema
        .Struct(new ConnectField("ts_ms", ConnectSchema.Int64))
        .Named($"{Common}.Heartbeat");

    /// <param name="content">The schema of a message's bytes.</param>
    public static ConnectSchema MessageValue(ConnectSchema content) =>
        ConnectSchema
            .Struct(
                new ConnectField("op", ConnectSchema.String),
                new ConnectField("ts_ms", ConnectSchema.Int64.Optional),
                new ConnectField("source", EnvelopeSchema.Source),
                new ConnectField("transaction", EnvelopeSchema.Transaction),
                new ConnectField(
                    "message",
                    ConnectSchema
                        .Struct(new ConnectField("prefix", OptionalText), new ConnectField("content", content.Optional))
                        .Named($"{Postgres}.Message")
                )
            )
            .Named($"{Postgres}.MessageValue");
}
