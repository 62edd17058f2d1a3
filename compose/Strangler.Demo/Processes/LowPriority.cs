namespace Strangler.Demo.Processes;

/// <summary>
/// The prefix for a command that would normally run on other machines: the services and their customers yield the
/// processor to everything else. They use all they can get of it, with dozens of threads; each of the few threads that
/// follow their changes would have to wait for all of them, and the demo would show how far a starved machine falls
/// behind.
/// </summary>
internal static class LowPriority
{
    public static readonly IReadOnlyList<string> Prefix = ["nice", "-n", "5"];
}
