using Npgsql;
using Strangler.Projections.Applying;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>What the store says of a projection and of keys of it, at one instant.</summary>
/// <param name="Standing">Null: nothing of the source has been applied.</param>
/// <param name="Stored">What it holds of each key.</param>
internal sealed record StoreLook(Standing? Standing, IReadOnlyDictionary<string, StoredMoment> Stored)
{
    /// <summary>In one round trip.</summary>
    /// <param name="session">Its queries see one instant.</param>
    public static async Task<StoreLook> ReadAsync(StoreSession session, string source, BoundProjection projection, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Statement[] both = [Standing.Select(source, projection.Model.Id.Name), StoredMoment.Select(projection.Build, keys)];
        var read = await session.QueryAsync<object>(both, static (row, index) => index == 0 ? Standing.Read(row) : StoredMoment.Read(row), int.MaxValue, cancellationToken);
        return new StoreLook(read[0] is [var standing, ..] ? (Standing)standing : null, read[1].Cast<StoredMoment>().ToDictionary(stored => stored.Key, StringComparer.Ordinal));
    }
}

/// <summary>
/// Looks of the store for whoever asks: while one is under way, all who come are taken together into the next one. What stands there is later than the question in any case. Safe for any number of threads; bounded by those who ask.
/// </summary>
internal sealed class StoreLooks(NpgsqlDataSource store)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BoundProjection, (Task UnderWay, Next? Next)> _looks = [];

    /// <returns>A look that begins after the call and holds the keys, perhaps among others.</returns>
    public Task<StoreLook> TakeAsync(string source, BoundProjection projection, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (underWay, next) = _looks.TryGetValue(projection, out var known) ? known : (Task.CompletedTask, null);
            next ??= new Next(projection, source, underWay);
            next.Keys.UnionWith(keys);
            _looks[projection] = (underWay, next);
            return (next.Look ??= LookAsync(next)).WaitAsync(cancellationToken);
        }
    }

    // Not cancelled by one of those who wait for it.
    private async Task<StoreLook> LookAsync(Next next)
    {
        await next.After.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // whether or not it succeeded
        lock (_lock)
        {
            // From here on nobody joins. Who has no follower leaves nothing behind.
            _looks[next.Projection] = (next.Look!, null);
        }
        try
        {
            await using var session = await StoreSession.BeginAsync(store, repeatable: true, CancellationToken.None);
            return await StoreLook.ReadAsync(session, next.Source, next.Projection, next.Keys, CancellationToken.None);
        }
        finally
        {
            lock (_lock)
            {
                if (_looks[next.Projection] is (_, null)) _looks.Remove(next.Projection);
            }
        }
    }

    private sealed class Next(BoundProjection projection, string source, Task after)
    {
        public BoundProjection Projection => projection;

        public string Source => source;

        public Task After => after;

        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public Task<StoreLook>? Look { get; set; }
    }
}
