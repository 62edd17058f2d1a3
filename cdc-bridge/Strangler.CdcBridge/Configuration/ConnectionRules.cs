using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties of the connection, the slot, the publication and the stream.</summary>
internal static class ConnectionRules
{
    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        Honoured("topic.prefix"),
        Honoured("database.hostname"),
        Honoured("database.port", "5432"),
        Honoured("database.user"),
        Honoured("database.password"),
        Honoured("database.dbname"),
        Honoured("database.sslmode", "prefer"),
        Honoured("database.sslrootcert", "", "Read only where sslmode verifies."),
        Honoured("database.sslcert", "", "In PEM."),
        Honoured(
            "database.sslkey",
            "",
            "In PEM; the connector's own driver reads PKCS#8 in DER, which has to be converted."
        ),
        Honoured("database.sslpassword"),
        Honoured(
            "database.initial.statements",
            "",
            "Each ordinary connection runs them; the stream's doesn't. Settings that the bridge's reading depends on "
                + "are set again behind them."
        ),
        Idle("database.query.timeout.ms", "600000", "Statements of the bridge have no limit of time."),
        Idle("database.tcpKeepAlive", "true", "The bridge always sends keepalives."),
        Idle("connection.validation.timeout.ms", "60000", "A pool of the JVM."),
        Refused("database.sslfactory", "", "It names a Java class that opens the connection.") with
        {
            WayOut = "Leave it out, and say with database.sslmode how the server is verified.",
        },
        Refused("driver.*", "", "It goes to the JDBC driver, which the bridge doesn't have.") with
        {
            Family = PropertyTable.Prefix("driver."),
            WayOut = "Leave it out; a setting of the session belongs in the login: ALTER ROLE … SET ….",
        },
        Refused(
            "read.only",
            "false",
            "The bridge emits small logical messages, so that an idle source frees its WAL.",
            "false"
        ),
        Honoured("plugin.name", "decoderbufs", "Only pgoutput, PostgreSQL's own, is decoded.") with
        {
            Preset = "pgoutput",
        },
        Honoured("slot.name", "debezium"),
        Refused(
            "slot.drop.on.stop",
            "false",
            "What is committed while the bridge is stopped would be lost.",
            "false"
        ) with
        {
            WayOut = "Leave it out; 'strangler bridge drop' removes the slot when it isn't needed any more.",
        },
        Honoured(
            "slot.failover",
            "false",
            "With PostgreSQL 17 or newer; an older server gets an ordinary slot, and the log says so."
        ),
        Refused("slot.stream.params", "", "The bridge chooses the options of pgoutput itself."),
        Idle("slot.max.retries", "6", "The bridge reconnects for as long as it runs."),
        Idle("slot.retry.delay.ms", "10000", "Pauses between attempts double from 200 ms to 15 seconds."),
        Idle(
            "internal.create.slot.command.timeout",
            "90",
            "Creating a slot waits for open transactions, and says for which."
        ),
        Idle(
            "internal.slot.seek.to.known.offset.on.start",
            "false",
            "The stored position is always compared with the slot."
        ),
        Honoured("publication.name", "dbz_publication"),
        Honoured(
            "publication.autocreate.mode",
            "all_tables",
            "With all_tables none is created while a table lacks an identity, "
                + "and with no_tables none is created at all."
        ) with
        {
            Preset = "filtered",
        },
        Honoured(
            "replica.identity.autoset.values",
            "",
            "At each start. NOTHING is refused, and DEFAULT for a table without a primary key: its own UPDATE and "
                + "DELETE would fail."
        ),
        Honoured(
            "publish.via.partition.root",
            "false",
            "Of the publication that the bridge creates; one that exists stays as it is."
        ),
        Honoured("lsn.flush.mode", "connector", "connector_and_driver is what the bridge does in any case."),
        Refused("flush.lsn.source", "true", "Something else would have to free the source's WAL.", "true"),
        Idle("lsn.flush.timeout.ms", "30000", "Positions are confirmed in the background."),
        Idle("lsn.flush.timeout.action", "fail", "Positions are confirmed in the background."),
        Idle("status.update.interval.ms", "10000", "A position is confirmed as soon as the log has it."),
        Refused(
            "offset.mismatch.strategy",
            "no_validation",
            "A slot that is ahead of the log always stops the bridge.",
            "no_validation",
            "trust_offset"
        ),
        HonouredOrIdle("xmin.fetch.interval.ms", "0"),
        Refused("internal.log.position.check.enable", "true", "A gap would go unnoticed.", "true"),
        Idle("schema.refresh.mode", "columns_diff", "Each row is read with the columns that the stream names for it."),
        Honoured("on.identity.loss", "warn") with
        {
            IsOwn = true,
        },
        Honoured("resnapshot", "false") with
        {
            IsOwn = true,
        },
        Honoured("event.format", "", "debezium-3.6 in a connector's file, strangler elsewhere.") with
        {
            IsOwn = true,
        },
    ];
}
