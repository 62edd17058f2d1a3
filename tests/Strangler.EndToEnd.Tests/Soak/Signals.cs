using System.Globalization;
using Strangler.Demo.Processes;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>Signals to processes that the soak has started.</summary>
internal static class Signals
{
    /// <summary>Sends one to processes; does nothing for one that has ended.</summary>
    public static Task SendAsync(string signal, IEnumerable<int> processes, CancellationToken cancellationToken) =>
        ProgramRun.Async(
            ["bash", "-c", "kill -s \"$@\"", "kill", signal, .. processes.Select(Text)],
            cancellationToken
        );

    /// <summary>The living child processes of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process))
                continue;
            if (ParentOf(folder) == parent)
                children.Add(process);
        }
        return children;
    }

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);

    // "PID (name) state parent …": the name may contain anything, so it is cut off at its last parenthesis.
    private static int? ParentOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }
}
