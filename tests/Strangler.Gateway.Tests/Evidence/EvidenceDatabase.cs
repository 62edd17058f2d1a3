using System.Text;
using Npgsql;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>An empty migrated store.</summary>
internal sealed class EvidenceDatabase : IAsyncDisposable
{
    private static readonly string[] Tables =
    [
        "evidence_scope",
        "evidence_count",
        "evidence_duration",
        "evidence_span",
        "evidence_key",
        "evidence_version",
        "evidence_answer",
        "evidence_undeclared",
        "evidence_example",
        "evidence_line",
    ];

    private EvidenceDatabase(string connectionString, NpgsqlDataSource data) =>
        (ConnectionString, Data) = (connectionString, data);

    public string ConnectionString { get; }

    public NpgsqlDataSource Data { get; }

    public static async Task<EvidenceDatabase> CreateAsync(PostgresFixture postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync("evidence");
        var data = NpgsqlDataSource.Create(connectionString);
        await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], TestContext.Current.CancellationToken);
        return new EvidenceDatabase(connectionString, data);
    }

    public EvidenceStore Store(EvidenceLimits? limits = null) => new(Data, limits ?? EvidenceLimits.Default);

    public Task<StoredEvidence> ReadAsync(EvidenceScope? scope = null) =>
        new EvidenceQuery(Data).ReadAsync(scope ?? Sampling.Scope, TestContext.Current.CancellationToken);

    /// <summary>Everything that is stored, in a fixed order, with scopes in place of their numbers.</summary>
    public async Task<string> DumpAsync()
    {
        var text = new StringBuilder();
        foreach (var table in Tables)
        {
            var of =
                table == "evidence_scope"
                    ? "to_jsonb(t) - 'id'"
                    : "to_jsonb(t) - 'scope' || jsonb_build_object('scope', (select s.route || s.projection || "
                        + "s.version || s.rules from gateway.evidence_scope s where s.id = t.scope))";
            await using var command = Data.CreateCommand(
                $"select row from (select ({of})::text as row from gateway.{table} t) rows order by row collate \"C\""
            );
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                text.Append(table).Append(' ').Append(reader.GetString(0)).Append('\n');
        }
        return text.ToString();
    }

    public async Task<long> ExecuteAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is long value ? value : 0;
    }

    public Task EmptyAsync() => ExecuteAsync("truncate gateway.evidence_scope, gateway.evidence_flush cascade");

    public async ValueTask DisposeAsync() => await Data.DisposeAsync();
}
