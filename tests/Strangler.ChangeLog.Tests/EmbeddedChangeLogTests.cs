using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.ChangeLog.Tests;

public sealed class EmbeddedChangeLogTests(PostgresFixture postgres) : ChangeLogContract, IAsyncDisposable
{
    protected override bool KeepsUnfinished => false;

    private NpgsqlDataSource? _store;
    private EmbeddedChangeLog? _log;

    protected override int Histories => 25;

    protected override async Task<IChangeLog> CreateAsync(TimeProvider time, EmbeddedLogOptions options)
    {
        _store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("log"));
        await StoreMigration.MigrateAsync(_store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        return _log = new EmbeddedChangeLog(_store, options, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }
}
