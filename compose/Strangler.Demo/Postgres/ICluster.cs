namespace Strangler.Demo.Postgres;

/// <summary>Where a cluster's files are and how its server is started.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>Makes the cluster, with lines of postgresql.conf beyond ours.</summary>
    Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken);

    /// <summary>The server's command, which takes INT for a fast stop and QUIT for an immediate one.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>Variables of that command.</summary>
    IReadOnlyDictionary<string, string?> Environment { get; }
}
