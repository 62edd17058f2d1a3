using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>Checks what the bridge requires.</summary>
public static class BridgeCheck
{
    /// <summary>
    /// Whether events are written in a connector's format: nothing but the bridge is configured then, or reads them.
    /// </summary>
    public static bool IsOfConnector(IConfiguration configuration) => BridgeConfigReader.IsOfConnector(configuration);

    /// <summary>All faults of the configuration itself. Contacts no server.</summary>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration)
    {
        var (config, faults) = BridgeConfigReader.TryRead(configuration);
        return config is null ? faults : KafkaLogCheck.Check(Brokers(config, configuration));
    }

    /// <summary>The properties that have no effect, with their sections; none if there are faults.</summary>
    public static IReadOnlyList<string> WithoutEffect(IConfiguration configuration) =>
        BridgeConfigReader.TryRead(configuration).Config?.Notices ?? [];

    /// <summary>
    /// All faults of the configuration and, if that is valid, of the source. Nothing is started, created or altered.
    /// </summary>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        var (config, faults) = BridgeConfigReader.TryRead(configuration);
        if (config is null)
            return faults;
        var found = (await KafkaLogCheck.CheckAsync(Brokers(config, configuration), cancellationToken)).ToList();
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        found.AddRange(await SourceChecks.FaultsAsync(source, config, cancellationToken));
        if (found.Count == 0 && config.Stream.FailsAboveMaxTables)
            found.AddRange(await TooManyAsync(source, config, cancellationToken));
        if (
            found.Count == 0
            && await SlotAsync(source, config, cancellationToken) is { } slot
            && slot.WalStatus == "lost"
        )
            found.Add(
                new Fault(
                    $"slot '{config.Slot}'",
                    "The server has invalidated it (wal_status 'lost').",
                    "Take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true)."
                )
            );
        return found;
    }

    /// <summary>
    /// What doesn't prevent the bridge from running but should be known. Empty if the source can't be read, which
    /// <see cref="CheckAsync"/> reports.
    /// </summary>
    public static async Task<IReadOnlyList<Fault>> WarningsAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        if (BridgeConfigReader.TryRead(configuration).Config is not { } config)
            return [];
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        try
        {
            await using var command = source.CreateCommand(
                "select setting from pg_settings where name = 'max_slot_wal_keep_size'"
            );
            List<Fault> warnings = [];
            if ((string?)await command.ExecuteScalarAsync(cancellationToken) == "-1")
                warnings.Add(SourceChecks.UnboundedSlot(config));
            if (!config.Stream.FailsAboveMaxTables)
                warnings.AddRange(await TooManyAsync(source, config, cancellationToken));
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            if (SourceChecks.OfVersion(connection.PostgreSqlVersion.Major) is { } untested)
                warnings.Add(untested);
            // a lost slot is a fault
            if (
                await SlotState.ReadAsync(source, config.Slot, cancellationToken) is { } slot
                && WalRiskState.Of(slot, config.Process.MaxRetainedWal)
                    is var risk
                        and not (WalRisk.None or WalRisk.Lost)
            )
                warnings.Add(WalRiskState.FaultOf(risk, slot, config.Slot, config.Process.MaxRetainedWal)!);
            return warnings;
        }
        catch (Exception exception) when (exception is NpgsqlException || IsReported(exception, config))
        {
            return [];
        }
    }

    /// <summary>
    /// What should be known of the source's encoding; null if there is nothing, or if it can't be read, which
    /// <see cref="CheckAsync"/> reports.
    /// </summary>
    public static async Task<Fault?> EncodingWarningAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        if (BridgeConfigReader.TryRead(configuration).Config is not { } config)
            return null;
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        try
        {
            return SourceEncoding.Warning(await SourceEncoding.ReadAsync(source, cancellationToken));
        }
        catch (Exception exception) when (exception is NpgsqlException || IsReported(exception, config))
        {
            return null;
        }
    }

    /// <summary>
    /// The relations of the source's database as its catalogue has them now; null if the configuration or the source
    /// doesn't let them be read, which <see cref="CheckAsync"/> reports.
    /// </summary>
    public static async Task<IReadOnlyList<SourceTable>?> TablesAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        if (BridgeConfigReader.TryRead(configuration).Config is not { } config)
            return null;
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await SourceRelation.ReadAsync(connection, config, cancellationToken);
        }
        catch (Exception exception) when (IsReported(exception, config))
        {
            return null;
        }
    }

    /// <summary>
    /// The system identifier of the source's cluster, as digits: positions of two clusters are unrelated. Null if it
    /// can't be read.
    /// </summary>
    public static async Task<string?> SystemAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (BridgeConfigReader.TryRead(configuration).Config is not { } config)
            return null;
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        try
        {
            await using var command = source.CreateCommand("select system_identifier::text from pg_control_system()");
            return (string?)await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException || IsReported(exception, config))
        {
            return null; // the check reports why it can't be read, or it is not a fault of the configuration
        }
    }

    /// <summary>
    /// Whether <see cref="CheckAsync"/> reports it as a fault, which must not hide what else is found: of the server,
    /// or of a session that can't begin.
    /// </summary>
    private static bool IsReported(Exception exception, BridgeConfig config) =>
        exception is FaultException || DatabaseFault.Of(exception, "Source", config.Source) is not null;

    /// <summary>Null: the log is the embedded one.</summary>
    private static KafkaLogOptions? Brokers(BridgeConfig config, IConfiguration configuration) =>
        config.Brokers ?? KafkaOptionsReader.Read(configuration, []);

    private static async Task<IEnumerable<Fault>> TooManyAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    ) => await SourceChecks.TooManyTablesAsync(source, config, cancellationToken) is { } fault ? [fault] : [];

    private static async Task<SlotState?> SlotAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await SlotState.ReadAsync(source, config.Slot, cancellationToken);
        }
        catch (Exception exception) when (IsReported(exception, config))
        {
            return null;
        }
    }
}
