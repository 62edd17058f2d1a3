namespace Shop.Hosting;

/// <summary>Another service failed.</summary>
internal sealed class PeerException(string service, string problem, Exception? cause = null)
    : Exception($"The service '{service}' {problem}.", cause);
