using System.Diagnostics;
using System.Globalization;

namespace Strangler.Foundation.Failpoints;

/// <summary>
/// Named places at which a process can be killed as by <c>kill -9</c>, so that tests can hit the instant between two
/// effects. Armed by the environment variable <c>STRANGLER_FAILPOINT=name@n</c> (the n-th pass kills the process; n is
/// 1 if left out); <c>STRANGLER_FAILPOINT_LOG</c> names a file that gets a line for each kill. Unarmed, a pass costs
/// one comparison with null.
/// </summary>
public static class Failpoint
{
    private static readonly string? Armed = Environment.GetEnvironmentVariable("STRANGLER_FAILPOINT");
    private static readonly string? Name = Armed?.Split('@')[0];
    private static int _left =
        Armed is { } armed && armed.Split('@') is [_, var n] ? int.Parse(n, CultureInfo.InvariantCulture) : 1;

    /// <summary>Passes the point <paramref name="name"/>; doesn't return if this is the pass that kills.</summary>
    public static void Pass(string name)
    {
        if (Name is null || Name != name || Interlocked.Decrement(ref _left) != 0)
            return;
        if (Environment.GetEnvironmentVariable("STRANGLER_FAILPOINT_LOG") is { } log)
            File.AppendAllText(log, name + "\n");
        Process.GetCurrentProcess().Kill();
        Thread.CurrentThread.Join(); // the signal is on its way: nothing after this point may run
    }
}
