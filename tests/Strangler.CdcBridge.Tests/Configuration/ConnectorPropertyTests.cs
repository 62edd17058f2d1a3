using Strangler.CdcBridge.Configuration;
using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>What values of the connector's properties mean, and what is said of those that mean nothing.</summary>
public sealed class ConnectorPropertyTests
{
    [Fact]
    public void Read_NothingElse_HasTheConnectorsDefaults()
    {
        var config = Read();

        Assert.Equal(
            (PublicationMode.AllTables, "debezium", "dbz_publication", "", false),
            (config.Mode, config.Slot, config.Publication, config.Store, config.Resnapshot)
        );
        var events = config.Events;
        Assert.Equal(
            (EventFormat.Debezium36, true, false, true, ".", "transaction"),
            (
                events.Format,
                events.HasTombstones,
                events.HasTransactionMetadata,
                events.HasContextHeaders,
                events.TopicDelimiter,
                events.TransactionTopic
            )
        );
        Assert.Equal(['t'], events.SkippedOperations);
        Assert.Equal(new ConverterOptions(), events.KeyConverter);
        Assert.Equal(new ConverterOptions(), events.ValueConverter);
        Assert.Equal(new HeartbeatOptions(), events.Heartbeat);
        Assert.Equal(new ValueOptions() with { Placeholder = events.Values.Placeholder }, events.Values);
        Assert.Equal(new ValueOptions().Placeholder, events.Values.Placeholder);
        Assert.Null(events.Outbox);
        Assert.Equal((SnapshotMode.Initial, 1), (config.Snapshot.Mode, config.Snapshot.MaxThreads));
        Assert.Empty(config.Brokers!.Topics.Groups);
    }

    [Fact]
    public void Read_FormatStrangler_HasTheKinderDefaults()
    {
        var config = Read(
            ("event.format", null),
            ("Kafka:bootstrap.servers", null),
            ("Store:ConnectionString", "Host=127.0.0.1;Database=strangler;Username=strangler")
        );

        var events = config.Events;
        Assert.Equal(PublicationMode.Filtered, config.Mode);
        Assert.Equal(
            (
                EventFormat.Strangler,
                DecimalHandling.String,
                TimePrecision.IsoString,
                BinaryHandling.Base64,
                true,
                false,
                false,
                true
            ),
            (
                events.Format,
                events.Values.Decimals,
                events.Values.Times,
                events.Values.Binary,
                events.Values.IncludesUnknownTypes,
                events.KeyConverter.HasSchemas,
                events.ValueConverter.HasSchemas,
                events.Heartbeat.Interval > TimeSpan.Zero
            )
        );
        Assert.Empty(events.SkippedOperations);
    }

    public static TheoryData<string, string, string> Values =>
        new()
        {
            { "decimal.handling.mode", "string", nameof(DecimalHandling.String) },
            { "decimal.handling.mode", " DOUBLE ", nameof(DecimalHandling.Double) },
            { "time.precision.mode", "adaptive_time_microseconds", nameof(TimePrecision.AdaptiveTimeMicroseconds) },
            { "time.precision.mode", "connect", nameof(TimePrecision.Connect) },
            { "time.precision.mode", "isostring", nameof(TimePrecision.IsoString) },
            { "time.precision.mode", "microseconds", nameof(TimePrecision.Microseconds) },
            { "time.precision.mode", "nanoseconds", nameof(TimePrecision.Nanoseconds) },
            { "binary.handling.mode", "base64", nameof(BinaryHandling.Base64) },
            { "binary.handling.mode", "base64-url-safe", nameof(BinaryHandling.Base64UrlSafe) },
            { "binary.handling.mode", "hex", nameof(BinaryHandling.Hex) },
            { "hstore.handling.mode", "map", nameof(HstoreHandling.Map) },
            { "interval.handling.mode", "string", nameof(IntervalHandling.String) },
            { "money.fraction.digits", "4", "4" },
            { "include.unknown.datatypes", "true", "True" },
            { "unavailable.value.placeholder", "gone", "676F6E65" },
            { "unavailable.value.placeholder", "hex:00ff", "00FF" },
            { "schema.name.adjustment.mode", "avro", nameof(NameAdjustment.Avro) },
            { "field.name.adjustment.mode", "avro_unicode", nameof(NameAdjustment.AvroUnicode) },
            { "tombstones.on.delete", "false", "False" },
            { "skipped.operations", "c, u,t", "ctu" },
            { "skipped.operations", "none", "" },
            { "skipped.operations", "r", "" },
            { "skip.messages.without.change", "TRUE", "True" },
            { "provide.transaction.metadata", "true", "True" },
            { "extended.headers.enabled", "false", "False" },
            { "topic.delimiter", "_", "_" },
            { "topic.transaction", "tx", "tx" },
            { "topic.heartbeat.prefix", "beat", "beat" },
            { "topic.heartbeat.name", "beats", "beats" },
            { "heartbeat.interval.ms", "2500", "00:00:02.5000000" },
            { "heartbeat.action.query", "select 1", "select 1" },
            { "snapshot.mode", "no_data", nameof(SnapshotMode.NoData) },
            { "snapshot.mode", "initial_only", nameof(SnapshotMode.InitialOnly) },
            { "snapshot.mode", "when_needed", nameof(SnapshotMode.WhenNeeded) },
            { "snapshot.mode", "always", nameof(SnapshotMode.Always) },
            { "snapshot.tables.order.by.row.count", "descending", nameof(RowCountOrder.Descending) },
            { "snapshot.max.threads", "4", "4" },
            { "snapshot.delay.ms", "10", "00:00:00.0100000" },
            { "streaming.delay.ms", "20", "00:00:00.0200000" },
            { "xmin.fetch.interval.ms", "1000", "00:00:01" },
            { "slot.failover", "true", "True" },
            { "publish.via.partition.root", "true", "True" },
            { "guardrail.collections.max", "10", "10" },
            { "guardrail.collections.limit.action", "fail", "True" },
            { "database.initial.statements", "SET a = 'x;;y'; SET b = 1 ;", "SET a = 'x;y'|SET b = 1" },
            { "publication.autocreate.mode", "filtered", nameof(PublicationMode.Filtered) },
            { "publication.autocreate.mode", "no_tables", nameof(PublicationMode.NoTables) },
            { "slot.name", "s_1", "s_1" },
            { "publication.name", "Pub lication", "Pub lication" },
            { "on.identity.loss", "drop-from-publication", nameof(IdentityLoss.DropFromPublication) },
            { "resnapshot", "true", "True" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void Read_Value_IsThatOption(string name, string value, string option) =>
        Assert.Equal(option, Option(Read((name, value)), name));

    [Theory]
    [InlineData(
        "decimal.handling.mode",
        "exact",
        "'exact' is not one of its values. Use 'precise', 'string' or 'double'."
    )]
    [InlineData("hstore.handling.mode", "text", "'text' is not one of its values. Use 'json' or 'map'.")]
    [InlineData("tombstones.on.delete", "yes", "'yes' is neither true nor false. Use one of the two.")]
    [InlineData(
        "money.fraction.digits",
        "-1",
        "'-1' is not a whole number from 0 to 32767. Correct it, or leave it out."
    )]
    [InlineData(
        "heartbeat.interval.ms",
        "1s",
        "'1s' is not a number of milliseconds from 0 to 2147483647. Correct it, or leave it out."
    )]
    [InlineData(
        "unavailable.value.placeholder",
        "hex:0",
        "'hex:0' has no pairs of hexadecimal digits after 'hex:'. Correct it, or leave it out."
    )]
    [InlineData(
        "skipped.operations",
        "x",
        "'x' is not an operation. Use 'c', 'u', 'd' and 't', separated by commas, or 'none'."
    )]
    [InlineData(
        "skipped.operations",
        "none,t",
        "'none' is set together with operations. Set 'none', or the operations to skip."
    )]
    [InlineData(
        "topic.delimiter",
        "/",
        "'/' has characters that aren't allowed in a topic name. Use letters, digits, '.', '_' and '-'."
    )]
    [InlineData(
        "message.key.columns",
        "public.item",
        "'public.item' is not a table and its key columns. "
            + "Write 'schema.table:column,column'; several tables are separated by semicolons."
    )]
    [InlineData("column.include.list", "a.b.[", "is not a regular expression")]
    [InlineData(
        "table.include.list",
        "public.a++",
        "'public.a++' is not a regular expression: It has a possessive quantifier, which can't be translated from Java."
    )]
    [InlineData("table.include.list", "public.a\\", "is not a list of regular expressions: It ends with a backslash.")]
    [InlineData(
        "column.mask.hash.SHA-7.with.salt.CzQMA0cB5K",
        "public.item.name",
        "'SHA-7' is not a hash that Java knows."
    )]
    [InlineData(
        "column.truncate.to.99999999999.chars",
        "public.item.name",
        "'99999999999' is not a number of characters. Use a number from 0 to 2147483647."
    )]
    [InlineData(
        "replica.identity.autoset.values",
        "public.item",
        "'public.item' is not a table and its replica identity. "
            + "Write 'schema.table:FULL', DEFAULT or 'INDEX name', separated by commas."
    )]
    [InlineData(
        "replica.identity.autoset.values",
        "public.item:nothing",
        "The identity NOTHING in 'public.item:nothing' is not supported: UPDATE and DELETE of a published table itself "
            + "would fail. Name FULL, DEFAULT or an index, or leave the entry out."
    )]
    [InlineData(
        "snapshot.mode",
        "custom",
        "The value 'custom' is not supported. It loads a Java class that decides about snapshots. "
            + "Use 'initial', 'initial_only', 'no_data', 'when_needed' or 'always'."
    )]
    [InlineData("snapshot.mode", "never", "'never' is not one of its values.")]
    [InlineData(
        "lsn.flush.mode",
        "manual",
        "The value 'manual' is not supported. Something else would have to free the source's WAL. "
            + "Set it to 'connector', or leave it out."
    )]
    [InlineData(
        "plugin.name",
        "decoderbufs",
        "The value 'decoderbufs' is not supported. Only PostgreSQL's own plugin is decoded."
    )]
    [InlineData("plugin.name", null, "It isn't set, and the connector's default is 'decoderbufs'")]
    [InlineData(
        "connector.class",
        "io.debezium.connector.mysql.MySqlConnector",
        "Other databases come in through their own Debezium connectors."
    )]
    [InlineData("database.port", "70000", "'70000' is not a port. Use a number from 1 to 65535.")]
    [InlineData("database.sslmode", "sometimes", "'sometimes' is not one of its values.")]
    [InlineData("errors.tolerance", "all", "Records that can't be converted would be left out. Set it to 'none'")]
    [InlineData(
        "driver.socketTimeout",
        "10",
        "It goes to the JDBC driver, which the bridge doesn't have. Leave it out; a setting of the session"
    )]
    [InlineData("tabel.include.list", "a", "Did you mean 'table.include.list'? Correct the name, or leave it out.")]
    [InlineData(
        "wholly.unknown",
        "a",
        "neither Debezium's PostgreSQL connector nor Strangler has it. Correct the name"
    )]
    [InlineData("event.format", "debezium-2.7", "'debezium-2.7' is not one of its values.")]
    [InlineData("custom.sanitize.pattern", "(", "'(' is not a regular expression")]
    public void Read_OneFaultyValue_IsThatFault(string name, string? value, string sentence)
    {
        var fault = Assert.Single(FaultsOf((name, value)));

        Assert.Contains(sentence, fault.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            name.Contains(".salt.", StringComparison.Ordinal)
                ? "Source:column.mask.hash.SHA-7.with.salt.***"
                : $"Source:{name}",
            fault.Path,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("table.include.list", "table.exclude.list")]
    [InlineData("schema.include.list", "schema.exclude.list")]
    [InlineData("column.include.list", "column.exclude.list")]
    public void Read_InclusionsAndExclusions_AreAFault(string include, string exclude)
    {
        var fault = Assert.Single(FaultsOf((include, "a"), (exclude, "b")));

        Assert.Equal($"Source:{exclude}: It is set together with {include}. Set one of the two.", fault.ToString());
    }

    [Fact]
    public void Read_ManyFaults_ReportsAllOfThemOnce()
    {
        var faults = FaultsOf(
            ("topic.prefix", null),
            ("database.port", "x"),
            ("decimal.handling.mode", "x"),
            ("read.only", "true"),
            ("nonsense", "x"),
            ("Kafka:bootstrap.servers", null)
        );

        Assert.Equal(
            [
                "Kafka:bootstrap.servers",
                "Source:database.port",
                "Source:decimal.handling.mode",
                "Source:nonsense",
                "Source:read.only",
                "Source:topic.prefix",
            ],
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Read_LogNamedWhereItsFormatDoesNotLook_IsAFault()
    {
        var own = FaultsOf(("event.format", "strangler"), ("Store:ConnectionString", "Host=h;Database=d;Username=u"));
        var connector = FaultsOf(("Log:Kafka:bootstrap.servers", "127.0.0.1:9092"));

        Assert.Equal(
            "Kafka:bootstrap.servers: It is for a connector's format; in the format 'strangler' the section Log:Kafka "
                + "says where Kafka is, for everything that reads the log. Set Log:Kafka:bootstrap.servers in place of "
                + "it.",
            Assert.Single(own).ToString()
        );
        Assert.Equal(
            "Log:Kafka: It is for the format 'strangler'; events in Debezium's format go to the brokers of the section "
                + "Kafka. Remove it.",
            Assert.Single(connector).ToString()
        );
    }

    private static string Option(BridgeConfig config, string name)
    {
        var (events, values, snapshot, stream) = (config.Events, config.Events.Values, config.Snapshot, config.Stream);
        object? option = name switch
        {
            "decimal.handling.mode" => values.Decimals,
            "time.precision.mode" => values.Times,
            "binary.handling.mode" => values.Binary,
            "hstore.handling.mode" => values.Hstore,
            "interval.handling.mode" => values.Intervals,
            "money.fraction.digits" => values.MoneyFractionDigits,
            "include.unknown.datatypes" => values.IncludesUnknownTypes,
            "unavailable.value.placeholder" => Convert.ToHexString(values.Placeholder.AsSpan()),
            "schema.name.adjustment.mode" => events.SchemaNames,
            "field.name.adjustment.mode" => events.FieldNames,
            "tombstones.on.delete" => events.HasTombstones,
            "skipped.operations" => string.Concat(events.SkippedOperations.Order()),
            "skip.messages.without.change" => events.SkipsUnchanged,
            "provide.transaction.metadata" => events.HasTransactionMetadata,
            "extended.headers.enabled" => events.HasContextHeaders,
            "topic.delimiter" => events.TopicDelimiter,
            "topic.transaction" => events.TransactionTopic,
            "topic.heartbeat.prefix" => events.Heartbeat.TopicPrefix,
            "topic.heartbeat.name" => events.Heartbeat.TopicName,
            "heartbeat.interval.ms" => events.Heartbeat.Interval,
            "heartbeat.action.query" => events.Heartbeat.Query,
            "snapshot.mode" => snapshot.Mode,
            "snapshot.tables.order.by.row.count" => snapshot.Order,
            "snapshot.max.threads" => snapshot.MaxThreads,
            "snapshot.delay.ms" => snapshot.Delay,
            "streaming.delay.ms" => snapshot.StreamingDelay,
            "xmin.fetch.interval.ms" => stream.XminInterval,
            "slot.failover" => stream.HasFailoverSlot,
            "publish.via.partition.root" => stream.PublishesViaRoot,
            "guardrail.collections.max" => stream.MaxTables,
            "guardrail.collections.limit.action" => stream.FailsAboveMaxTables,
            "database.initial.statements" => string.Join('|', stream.InitialStatements),
            "publication.autocreate.mode" => config.Mode,
            "slot.name" => config.Slot,
            "publication.name" => config.Publication,
            "on.identity.loss" => config.OnIdentityLoss,
            "resnapshot" => config.Resnapshot,
            _ => null,
        };
        return FormattableString.Invariant($"{option}");
    }
}
