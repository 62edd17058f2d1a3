using System.Text;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Store;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Telemetry;
using Strangler.Testing;

namespace Strangler.Projections.Tests.Applying;

/// <summary>A separate store, and appliers on it.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly ProjectionMetrics _metrics = new(TimeProvider.System);

    private TestStore(NpgsqlDataSource store) => Store = store;

    public NpgsqlDataSource Store { get; }

    public static async Task<TestStore> CreateAsync(PostgresFixture postgres)
    {
        var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StoreMigration.MigrateAsync(store, [ProjectionsSchema.Value], CancellationToken.None);
        return new TestStore(store);
    }

    public Task<Applier> OpenAsync(
        IChangeLog log,
        TimeProvider time,
        IReadOnlyList<ProjectionModel> models,
        ApplierOptions? options = null,
        ILogger? logger = null
    ) =>
        Applier.OpenAsync(
            new ApplierParts(
                Store,
                log,
                (options ?? new ApplierOptions()) with
                {
                    ProgressInterval = TimeSpan.Zero,
                    KeyLimit = LimitOf(options),
                },
                time,
                _metrics,
                logger ?? NullLogger.Instance
            ),
            SourceLog.Source,
            models,
            CancellationToken.None
        );

    /// <summary>
    /// The limit of a test that chooses one. Else a long one: the first call of f is compiled within it, which a busy
    /// machine may need longer for than the product's limit.
    /// </summary>
    public static TimeSpan LimitOf(ApplierOptions? options) =>
        options is not null && options.KeyLimit != new ApplierOptions().KeyLimit
            ? options.KeyLimit
            : TimeSpan.FromMinutes(5);

    /// <summary>Steps until there is nothing to do.</summary>
    public static async Task<ApplierStep> CatchUpAsync(Applier applier)
    {
        var step = await applier.StepAsync(CancellationToken.None);
        while (step.Worked || step.Moved)
            step = await applier.StepAsync(CancellationToken.None);
        return step;
    }

    /// <summary>
    /// What may be served of a projection, as the README defines it, without misses and absent documents.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> DocumentsAsync(string projection) => (
            await QueryAsync<(string Key, byte[]? Bytes)>(
                """
                select d.key, d.bytes
                from projections.document d
                join projections.build b on b.id = d.build
                where b.projection = @projection and b.state = 'live'
                    and not exists (
                        select from projections.reads r
                        join projections.source_table t on t.id = r.source_table
                        where r.build = b.id and t.in_doubt
                    )
                    and not exists (select from projections.dirty q where q.build = d.build and q.key = d.key)
                    and not exists (select from projections.quarantine q where q.build = d.build and q.key = d.key)
                """,
                new { projection }
            )
        ).Where(row => row.Bytes is not null).ToDictionary(row => row.Key, row => Encoding.UTF8.GetString(row.Bytes!));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? values = null)
    {
        await using var connection = await Store.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, values)];
    }

    public async Task<T> ScalarAsync<T>(string sql, object? values = null) => (await QueryAsync<T>(sql, values))[0];

    public async Task ExecuteAsync(string sql, object? values = null)
    {
        await using var connection = await Store.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, values);
    }

    /// <summary>Resets the store to a new one, which is cheaper than another database.</summary>
    public async Task ResetAsync()
    {
        await ExecuteAsync(
            "set client_min_messages = warning; drop schema projections cascade; delete from public.strangler_schema"
        );
        await StoreMigration.MigrateAsync(Store, [ProjectionsSchema.Value], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await Store.DisposeAsync();
    }
}
