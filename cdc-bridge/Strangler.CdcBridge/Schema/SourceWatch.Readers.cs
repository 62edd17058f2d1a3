using System.Data;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <content>Looks for readers who wait.</content>
internal sealed partial class SourceWatch
{
    private const string StandSql =
        $"select pg_current_snapshot()::text as snapshot, ({ServerRun.StartedSql}) as server";

    /// <summary>Compares the catalogue with what was read, for readers who wait.</summary>
    /// <param name="readers">Opens the sessions of such looks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// Null if it differs, or a table is being read: <see cref="RunAsync"/> finds and places the difference.
    /// </returns>
    public async Task<CatalogueLook?> LookForReadersAsync(NpgsqlDataSource readers, CancellationToken cancellationToken)
    {
        if (_known is not { Through: { } through } told || !_findings.IsEmpty)
            return null;
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        var (snapshot, server) = await StandAsync(connection, cancellationToken);
        var catalogue = await SourceCatalogue.ReadAsync(connection, config, told.Tables, cancellationToken);
        var states = CapturePlan.Of(config, told.Tables, catalogue);
        var difference = CatalogueDifference.Between(
            told.Tables,
            [.. states.Where(state => !told.Waiting.Contains(state.Topic))]
        );
        return difference.IsEmpty && ReferenceEquals(told, _known)
            ? new CatalogueLook(config.Prefix, through, server, snapshot)
            : null;
    }

    private static async Task<(string Snapshot, string Server)> StandAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(StandSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString("snapshot"), reader.GetString("server"));
    }
}
