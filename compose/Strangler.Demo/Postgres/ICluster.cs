using Strangler.Demo.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>Where a cluster's files are and how its server is started.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>Creates the cluster, with additional lines in postgresql.conf.</summary>
    Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken);

    /// <summary>The server's command.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>
    /// Stops the server that <see cref="Command"/> runs in <paramref name="process"/>, in PostgreSQL's fast or
    /// immediate mode, and waits for its end.
    /// </summary>
    Task StopAsync(GuardedProcess process, bool immediate);

    /// <summary>Environment variables of that command.</summary>
    IReadOnlyDictionary<string, string?> Environment { get; }
}
