using System.Diagnostics;
using System.Globalization;

namespace Strangler.Benchmarks.Servers;

/// <summary>Finds .NET processes by their command lines, as Linux shows them in /proc.</summary>
internal static class Processes
{
    /// <exception cref="InvalidOperationException">None exists, or more than one.</exception>
    public static Process Find(params string[] words)
    {
        var found = Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Where(name => Matches(name!, words))
            .ToList();
        return found is [var one]
            ? Process.GetProcessById(int.Parse(one!, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{found.Count} processes have the words {string.Join(' ', words)}.");
    }

    private static bool Matches(string id, string[] words)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
            return arguments[0].EndsWith("dotnet", StringComparison.Ordinal)
                && Array.TrueForAll(words, arguments.Contains);
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }
}
