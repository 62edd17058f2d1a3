using Strangler.CdcBridge.Configuration;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>Which converter applies: the connector's, or the worker's.</summary>
public sealed class ConverterTests
{
    private const string Json = "org.apache.kafka.connect.json.JsonConverter";

    [Fact]
    public void Read_OwnConverter_HasItsOwnSettings()
    {
        var events = Read(
            ("value.converter", Json),
            ("value.converter.schemas.enable", "false"),
            ("value.converter.decimal.format", "numeric"),
            ("value.converter.replace.null.with.default", "false"),
            ("Kafka:value.converter", Json),
            ("Kafka:value.converter.schemas.enable", "true")
        ).Events;

        Assert.Equal(
            new ConverterOptions
            {
                HasSchemas = false,
                Decimals = DecimalFormat.Numeric,
                ReplacesNullWithDefault = false,
            },
            events.ValueConverter
        );
        Assert.Equal(new ConverterOptions(), events.KeyConverter);
    }

    [Fact]
    public void Read_OwnConverterAlone_DoesNotInheritTheWorkersSettings()
    {
        var events = Read(
            ("key.converter", "JsonConverter"),
            ("Kafka:key.converter", Json),
            ("Kafka:key.converter.schemas.enable", "false")
        ).Events;

        Assert.True(events.KeyConverter.HasSchemas);
    }

    [Fact]
    public void Read_WorkersConverter_Applies()
    {
        var events = Read(
            ("Kafka:key.converter", Json),
            ("Kafka:key.converter.schemas.enable", "false"),
            ("key.converter.schemas.enable", "false")
        ).Events;

        Assert.False(events.KeyConverter.HasSchemas);
    }

    [Fact]
    public void Read_SettingWithoutItsConverter_IsWhatConnectIgnores()
    {
        var fault = Assert.Single(FaultsOf(("value.converter.schemas.enable", "false")));

        Assert.Equal(
            "Source:value.converter.schemas.enable: Kafka Connect ignores it, because 'value.converter' isn't set "
                + "beside it: the worker's converter applies, with 'true'. "
                + $"Set value.converter to '{Json}' beside it, or leave it out.",
            fault.ToString()
        );
    }

    [Theory]
    [InlineData("key.converter", "io.confluent.connect.avro.AvroConverter", "The keys would be Avro")]
    [InlineData("value.converter", "io.apicurio.registry.utils.converter.AvroConverter", "The values would be Avro")]
    [InlineData("value.converter", "io.confluent.connect.protobuf.ProtobufConverter", "Protocol Buffers")]
    [InlineData("value.converter", "io.confluent.connect.json.JsonSchemaConverter", "schemas are in a registry")]
    [InlineData("key.converter", "org.apache.kafka.connect.storage.StringConverter", "Java's text of a structure")]
    [InlineData("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter", "bytes already")]
    [InlineData("value.converter", "io.debezium.converters.CloudEventsConverter", "CloudEvents")]
    [InlineData("header.converter", "org.apache.kafka.connect.json.JsonConverter", "The headers would be other bytes")]
    [InlineData("Kafka:value.converter", "com.example.Own", "The values would be other bytes")]
    [InlineData("Kafka:header.converter", "com.example.Own", "The headers would be other bytes")]
    public void Read_OtherConverter_IsRefused(string name, string type, string sentence)
    {
        var fault = Assert.Single(FaultsOf((name, type)));

        Assert.Equal(name.StartsWith("Kafka:", StringComparison.Ordinal) ? name : $"Source:{name}", fault.Path);
        Assert.StartsWith($"'{type}' is not supported. ", fault.Problem, StringComparison.Ordinal);
        Assert.Contains(sentence, fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key.converter", "io.confluent.connect.avro.AvroConverter")]
    [InlineData("value.converter", "org.apache.kafka.connect.storage.StringConverter")]
    public void Read_WorkersConverterThatTheConnectorReplaces_DoesNotMatter(string name, string type) =>
        Assert.Empty(FaultsOf((name, Json), ($"Kafka:{name}", type)));

    [Theory]
    [InlineData("org.apache.kafka.connect.storage.StringConverter", nameof(ConverterKind.Text))]
    [InlineData("ByteArrayConverter", nameof(ConverterKind.ByteArray))]
    [InlineData("io.debezium.converters.BinaryDataConverter", nameof(ConverterKind.Binary))]
    public void Read_ConverterOfAnOutbox_IsRead(string type, string kind)
    {
        var own = Read([.. Outbox, ("value.converter", type)]).Events.ValueConverter;
        var workers = Read([.. Outbox, ("Kafka:value.converter", type)]).Events.ValueConverter;

        Assert.Equal(new ConverterOptions { Kind = Enum.Parse<ConverterKind>(kind), HasSchemas = false }, own);
        Assert.Equal(own, workers);
    }

    [Fact]
    public void Read_DelegateOfABinaryConverter_HasItsSettings()
    {
        const string Delegate = "value.converter.delegate.converter.type";
        (string, string?)[] binary = [.. Outbox, ("value.converter", "BinaryDataConverter"), (Delegate, Json)];

        Assert.True(Read(binary).Events.ValueConverter.HasSchemas);
        Assert.Equal(
            new ConverterOptions
            {
                Kind = ConverterKind.Binary,
                HasSchemas = false,
                Decimals = DecimalFormat.Numeric,
                ReplacesNullWithDefault = false,
            },
            Read([
                .. binary,
                ($"{Delegate}.schemas.enable", "false"),
                ($"{Delegate}.decimal.format", "NUMERIC"),
                ($"{Delegate}.replace.null.with.default", "false"),
            ]).Events.ValueConverter
        );
        Assert.Equal(
            $"Source:{Delegate}",
            Assert.Single(FaultsOf([.. binary[..^1], (Delegate, "com.example.Own")])).Path
        );
    }

    private static (string, string?)[] Outbox =>
        [("transforms", "o"), ("transforms.o.type", "io.debezium.transforms.outbox.EventRouter")];
}
