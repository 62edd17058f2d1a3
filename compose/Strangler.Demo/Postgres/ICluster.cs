using Strangler.Demo.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>Where a cluster's files are and how its server is started.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>Makes the cluster, with lines of postgresql.conf beyond ours.</summary>
    Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken);

    /// <summary>The server's command.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>
    /// Stops the server that <see cref="Command"/> runs in <paramref name="process"/>, fast or immediately, as
    /// PostgreSQL has these words, and waits for its end.
    /// </summary>
    Task StopAsync(GuardedProcess process, bool immediate);

    /// <summary>Variables of that command.</summary>
    IReadOnlyDictionary<string, string?> Environment { get; }
}
