using Strangler.CdcBridge.Configuration;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

public sealed class OutboxOptionsTests
{
    private const string Router = "io.debezium.transforms.outbox.EventRouter";

    [Fact]
    public void Read_RouterAlone_HasItsDefaults() => Assert.Equivalent(new OutboxOptions(), Outbox(), strict: true);

    [Fact]
    public void Read_EveryOption_IsRead() =>
        Assert.Equivalent(
            new OutboxOptions
            {
                Id = "event_id",
                Key = "key",
                Payload = "body",
                Timestamp = "at",
                SchemaVersion = "version",
                Additional =
                [
                    new OutboxField("type", OutboxPlace.Envelope, "eventType"),
                    new OutboxField("trace", OutboxPlace.Header, "trace"),
                    new OutboxField("part", OutboxPlace.Partition, "part"),
                ],
                FailsOnMissing = false,
                RouteBy = "kind",
                TopicPattern = "(.*)-(?<routedByValue>.*)",
                TopicReplacement = "${routedByValue}.events",
                HasTombstones = true,
                ExpandsJson = true,
                KeepsNulls = true,
                OnInvalid = OutboxInvalidOperation.Fatal,
            },
            Outbox(
                ("table.field.event.id", "event_id"),
                ("table.field.event.key", "key"),
                ("table.field.event.payload", "body"),
                ("table.field.event.timestamp", "at"),
                ("table.field.event.schema.version", "version"),
                ("table.fields.additional.placement", "type:envelope:eventType, trace:header,part:partition"),
                ("table.field.additional.missing", "ignore"),
                ("route.by.field", "kind"),
                ("route.topic.regex", "(.*)-(?<routedByValue>.*)"),
                ("route.topic.replacement", "${routedByValue}.events"),
                ("route.tombstone.on.empty.payload", "true"),
                ("table.expand.json.payload", "true"),
                ("table.json.payload.null.behavior", "optional_bytes"),
                ("table.op.invalid.behavior", "fatal"),
                ("tracing.operation.name", "x")
            ),
            strict: true
        );

    [Theory]
    [InlineData(
        "predicate",
        "isOutbox",
        "It is not supported. Records that the predicate excludes would be routed too."
    )]
    [InlineData("negate", "true", "It is not supported. Records that the predicate excludes would be routed too.")]
    [InlineData("table.op.invalid.behavior", "stop", "Use 'warn', 'error' or 'fatal'.")]
    [InlineData("table.expand.json.payload", "maybe", "neither true nor false")]
    [InlineData("route.topic.regex", "(", "is not a regular expression")]
    [InlineData("table.fields.additional.placement", "a:body", "'a:body' is not a column and its place.")]
    [InlineData("table.fields.additional.placement", "a", "'a' is not a column and its place.")]
    [InlineData("table.fields.additional.placement", "payload:envelope", "two fields of the name 'payload'")]
    [InlineData("table.fields.additional.placement", "a:envelope,b:envelope:a", "two fields of the name 'a'")]
    [InlineData("route.topic.replacement", "a.$2", "'a.$2' is not a replacement. There is no group 2.")]
    [InlineData("table.field.event.ids", "x", "Did you mean 'table.field.event.id'?")]
    public void Read_FaultyOption_IsThatFault(string option, string value, string sentence)
    {
        var fault = Assert.Single(
            FaultsOf(
                ("transforms", "outbox"),
                ("transforms.outbox.type", Router),
                ($"transforms.outbox.{option}", value)
            )
        );

        Assert.Equal($"Source:transforms.outbox.{option}", fault.Path);
        Assert.Contains(sentence, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("org.apache.kafka.connect.transforms.RegexRouter", "records would be in topics of other names")]
    [InlineData("io.debezium.transforms.ByLogicalTableRouter", "in one topic a table, with other keys")]
    [InlineData("io.debezium.transforms.ExtractNewRecordState", "values would be whole events in place of rows")]
    [InlineData("org.apache.kafka.connect.transforms.ValueToKey", "keys would be the table's")]
    [InlineData("org.apache.kafka.connect.transforms.ExtractField$Key", "keys would be other bytes")]
    [InlineData("org.apache.kafka.connect.transforms.MaskField$Value", "values would be other bytes")]
    [InlineData("org.apache.kafka.connect.transforms.Filter", "records that it drops would be written")]
    [InlineData("com.example.Own", "topics, keys or values may differ")]
    public void Read_OtherTransform_IsRefusedWithWhatWouldDiffer(string type, string sentence)
    {
        var fault = Assert.Single(
            FaultsOf(("transforms", "route"), ("transforms.route.type", type), ("transforms.route.regex", "(.*)"))
        );

        Assert.Equal("Source:transforms.route.type", fault.Path);
        Assert.StartsWith(
            $"The transform 'route' is of the type '{type}', which is not supported. Without it, ",
            fault.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(sentence, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TransformThatIsNotListed_IsIgnoredAsConnectDoes() =>
        Assert.Equal(["Source:transforms.route.type"], Read(("transforms.route.type", "com.example.Own")).Notices);

    [Fact]
    public void Read_TransformWithoutType_IsAFault() =>
        Assert.Equal("Source:transforms.route.type", Assert.Single(FaultsOf(("transforms", "route"))).Path);

    private static OutboxOptions Outbox(params (string Option, string Value)[] options) =>
        Read([
            ("transforms", "outbox"),
            ("transforms.outbox.type", Router),
            .. options.Select(option => ($"transforms.outbox.{option.Option}", (string?)option.Value)),
        ]).Events.Outbox!;
}
