using Dapper;
using Npgsql;
using Strangler.CdcBridge.Schema;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Configuration;

/// <summary>What stands against reading a source, found without creating anything.</summary>
internal static class SourceChecks
{
    private const string Path = "Source";

    /// <summary>All faults of the server, the login, the tables and the publication; also that the server cannot be reached.</summary>
    public static async Task<IReadOnlyList<Fault>> FaultsAsync(NpgsqlDataSource source, BridgeConfig config, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(source, config, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFault.Of(exception, Path, config.Source) is { } fault)
        {
            return [fault];
        }
    }

    /// <summary>The same, of a server that can be reached.</summary>
    public static async Task<IReadOnlyList<Fault>> ReadAsync(NpgsqlDataSource source, BridgeConfig config, CancellationToken cancellationToken)
    {
        const string Sql = """
            select current_setting('wal_level'), (select r.rolreplication or r.rolsuper from pg_roles r where r.rolname = current_user), pg_is_in_recovery(), current_setting('server_version_num')::int
            """;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var faults = new List<Fault>();
        var (walLevel, replication, standby, version) = await connection.QuerySingleAsync<(string, bool, bool, int)>(new CommandDefinition(Sql, cancellationToken: cancellationToken));
        var user = new NpgsqlConnectionStringBuilder(config.Source).Username ?? "";
        if (version < 140_000) faults.Add(new Fault(Path, $"The server is PostgreSQL {version / 10_000}; logical messages need 14 or newer.", "Use a newer server."));
        if (walLevel != "logical") faults.Add(new Fault(Path, $"The server's wal_level is '{walLevel}', so its changes cannot be decoded.", "Run: ALTER SYSTEM SET wal_level = 'logical', and restart the server."));
        if (!replication) faults.Add(new Fault("Source:database.user", $"The login '{user}' lacks the attribute REPLICATION.", $"Run: ALTER ROLE {SqlName.Quote(user)} REPLICATION"));
        if (standby) faults.Add(new Fault("Source:database.hostname", "The server is a standby.", "Name the primary."));
        faults.AddRange((await Publication.PlanAsync(connection, config, cancellationToken)).Faults);
        return faults;
    }
}
