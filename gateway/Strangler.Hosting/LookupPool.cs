using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Projections;

namespace Strangler.Hosting;

/// <summary>The store's connections for look-ups, which end with the host.</summary>
internal sealed class LookupPool : IAsyncDisposable
{
    private NpgsqlDataSource? _pool;

    /// <summary>What is looked up in a store, by the pool of a host.</summary>
    public static IAnswers Answers(IServiceProvider host, string store) =>
        host.GetRequiredService<LookupPool>().Open(store);

    /// <summary>Called once: the answers are a singleton.</summary>
    private StoreAnswers Open(string store) =>
        new StoreAnswers(_pool = StoreAnswers.Pool(store), TimeProvider.System)
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
        };

    public ValueTask DisposeAsync() => _pool?.DisposeAsync() ?? ValueTask.CompletedTask;
}
