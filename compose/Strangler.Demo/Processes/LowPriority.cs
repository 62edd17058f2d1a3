namespace Strangler.Demo.Processes;

/// <summary>
/// What stands before a command that would run on other machines than ours: the services and their customers yield the
/// processor to everybody else. They take what they can get of it, with dozens of threads; of the few that follow their
/// changes each would wait for all of them, and the demo would show how far a starved machine falls behind.
/// </summary>
internal static class LowPriority
{
    public static readonly IReadOnlyList<string> Prefix = ["nice", "-n", "5"];
}
