using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>
/// How faults are said to a person: each on a line of its own, with our name before it, so that they stand out from log
/// lines.
/// </summary>
internal static class FaultLines
{
    public const string Prefix = "strangler: ";

    /// <summary>What needs no fixing for the command to continue.</summary>
    public const string WarningPrefix = Prefix + "warning: ";

    public static void Warn(TextWriter error, IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            error.WriteLine(WarningPrefix + fault);
    }

    public static void Write(TextWriter error, IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            error.WriteLine(Prefix + fault);
    }
}
