using System.Globalization;

namespace Strangler.Benchmarks.Measuring;

/// <summary>
/// Processor time of the machine by the part of the system that took it, as Linux counts it in /proc: where the time goes when everything shares one machine. A process that ends within a window is not counted.
/// </summary>
internal sealed class PartTimes
{
    private const double TicksASecond = 100; // USER_HZ, which Linux gives to programs whatever its own is
    private readonly IReadOnlyDictionary<int, (string Part, long Ticks)> _processes;

    private PartTimes(IReadOnlyDictionary<int, (string Part, long Ticks)> processes) => _processes = processes;

    public static PartTimes Now()
    {
        var seen = new Dictionary<int, (int Parent, string[] Words, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from the third on: the name before may hold blanks
                seen[id] = (int.Parse(fields[1], CultureInfo.InvariantCulture), File.ReadAllText($"{folder}/cmdline").Split('\0'), long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
            }
            catch (IOException) { } // it has ended
        }
        // A server's processes are of the server that has a backend for that database: our store's, or the legacy system's.
        var stores = seen.Values.Where(one => one.Words[0].StartsWith("postgres: ", StringComparison.Ordinal) && one.Words[0].Contains(" strangler ", StringComparison.Ordinal)).Select(one => one.Parent).ToHashSet();
        return new(seen.ToDictionary(one => one.Key, one => (PartOf(one.Key, one.Value.Parent, one.Value.Words), one.Value.Ticks)));

        string PartOf(int id, int parent, string[] words) => words switch
        {
            _ when id == Environment.ProcessId => "the load itself",
            _ when words[0].StartsWith("postgres: ", StringComparison.Ordinal) => stores.Contains(parent) ? "our store" : "legacy's database",
            _ when Array.Exists(words, word => word.EndsWith("Strangler.Legacy.dll", StringComparison.Ordinal)) => "legacy's services",
            [_, var program, var role, ..] when program.EndsWith("strangler.dll", StringComparison.Ordinal) => role,
            _ => "the rest",
        };
    }

    /// <summary>Seconds by part since an earlier reading.</summary>
    public IReadOnlyDictionary<string, double> Since(PartTimes before) => _processes
        .GroupBy(one => one.Value.Part, one => (one.Value.Ticks - (before._processes.TryGetValue(one.Key, out var earlier) ? earlier.Ticks : one.Value.Ticks)) / TicksASecond, StringComparer.Ordinal)
        .ToDictionary(part => part.Key, part => part.Sum(), StringComparer.Ordinal);
}
