using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>
/// How faults are printed: each on its own line, with our name first, so that they stand out from log lines.
/// </summary>
internal static class FaultLines
{
    public const string Prefix = "strangler: ";

    /// <summary>Faults that don't stop the command.</summary>
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
