using Dapper;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>Finds problems that prevent reading a source, without creating anything.</summary>
internal static class SourceChecks
{
    /// <summary>
    /// The fault of a server that is a standby. A bridge that was connected before waits instead: the standby that took
    /// over the address is about to be promoted.
    /// </summary>
    public static readonly Fault Standby = new(
        "Source:database.hostname",
        "The server is a standby.",
        "Name the primary."
    );

    private const string Path = "Source";

    /// <summary>A slot without a reader holds back all of the server's write-ahead log.</summary>
    public static Fault UnboundedSlot(BridgeConfig config) =>
        new(
            Path,
            $"The server has no max_slot_wal_keep_size: while no bridge runs, the slot '{config.Slot}' holds back "
                + "its write-ahead log until the disk is full.",
            "Run: ALTER SYSTEM SET max_slot_wal_keep_size = '20GB' (or what the disk can spare), "
                + "and SELECT pg_reload_conf(). When the bridge is given up, run 'strangler bridge drop', or: "
                + $"SELECT pg_drop_replication_slot('{config.Slot}')"
        );

    /// <summary>
    /// All faults of the server, the login, the tables and the publication, or that the server can't be reached.
    /// </summary>
    public static async Task<IReadOnlyList<Fault>> FaultsAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return
            [
                .. await ServerAsync(source, config, cancellationToken),
                .. await TablesAsync(source, config, cancellationToken),
            ];
        }
        catch (FaultException exception)
        {
            return exception.Faults;
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, Path, config.Source) is { } fault)
        {
            return [fault];
        }
    }

    /// <summary>Faults of the tables and the publication, for a source that hasn't been read yet.</summary>
    public static async Task<IReadOnlyList<Fault>> TablesAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return PublicationPlan
            .Of(config, await SourceCatalogue.ReadAsync(connection, config, [], cancellationToken))
            .Faults;
    }

    /// <summary>
    /// More tables pass the filters than <c>guardrail.collections.max</c> lets; null if not. Debezium counts tables and
    /// partitioned tables, published or not.
    /// </summary>
    public static async Task<Fault?> TooManyTablesAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        const int Shown = 10;
        if (config.Stream.MaxTables == 0)
            return null;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var captured = (await CandidateTable.TablesAsync(connection, cancellationToken))
            .Where(config.Tables.Selects)
            .ToList();
        return captured.Count <= config.Stream.MaxTables
            ? null
            : new Fault(
                "Source:guardrail.collections.max",
                $"{captured.Count} tables would be captured, and at most {config.Stream.MaxTables} may be: "
                    + $"{string.Join(", ", captured.Take(Shown))}{(captured.Count > Shown ? ", …" : "")}.",
                "Select fewer with table.include.list or schema.include.list, or raise the limit."
            );
    }

    /// <summary>That the bridge wasn't tested with a major version of the server; null if it was.</summary>
    public static Fault? OfVersion(int major) =>
        major switch
        {
            15 => null,
            14 or 16 or 17 or 18 => new Fault(
                Path,
                $"The server is PostgreSQL {major}. The bridge was written from its manual, but tested with 15 only.",
                "Compare what it writes, on a copy, before you depend on it."
            ),
            _ => new Fault(
                Path,
                $"The server is PostgreSQL {major}, which this version doesn't know.",
                "Look for a newer version of Strangler, or compare what it writes, on a copy."
            ),
        };

    /// <summary>Faults of the server and the login.</summary>
    public static async Task<IReadOnlyList<Fault>> ServerAsync(
        NpgsqlDataSource source,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select current_setting('wal_level') as "WalLevel",
                (
                    select r.rolreplication or r.rolsuper from pg_roles r where r.rolname = current_user
                ) as "Replication",
                pg_is_in_recovery() as "Standby",
                current_setting('server_version_num')::int as "Version"
            """;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var faults = new List<Fault>();
        var (walLevel, replication, standby, version) = await connection.QuerySingleAsync<ServerRow>(
            new CommandDefinition(Sql, cancellationToken: cancellationToken)
        );
        var user = new NpgsqlConnectionStringBuilder(config.Source).Username ?? "";
        if (version < 140_000)
            faults.Add(
                new Fault(
                    Path,
                    $"The server is PostgreSQL {version / 10_000}; logical messages need 14 or newer.",
                    "Use a newer server."
                )
            );
        if (walLevel != "logical")
            faults.Add(
                new Fault(
                    Path,
                    $"The server's wal_level is '{walLevel}', so its changes cannot be decoded.",
                    "Run: ALTER SYSTEM SET wal_level = 'logical', and restart the server."
                )
            );
        if (!replication)
            faults.Add(
                new Fault(
                    "Source:database.user",
                    $"The login '{user}' lacks the attribute REPLICATION.",
                    $"Run: ALTER ROLE {SqlName.Quote(user)} REPLICATION"
                )
            );
        if (standby)
            faults.Add(Standby);
        return faults;
    }

    private sealed record ServerRow(string WalLevel, bool Replication, bool Standby, int Version);
}
