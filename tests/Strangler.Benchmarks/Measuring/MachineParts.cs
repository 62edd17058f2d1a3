using System.Globalization;

namespace Strangler.Benchmarks.Measuring;

/// <summary>A process of this machine, as Linux shows it in /proc.</summary>
/// <param name="Part">The part of the system to which it belongs.</param>
/// <param name="Ticks">Processor time so far, in ticks of USER_HZ.</param>
internal sealed record PartProcess(int Id, string Part, long Ticks);

/// <summary>
/// The system's parts, identified by their processes: those that this one has started, and their children. Everything
/// else on the machine is the rest. Linux only.
/// </summary>
internal static class MachineParts
{
    public const string Load = "the load itself";
    public const string Services = "legacy's services";
    public const string Database = "legacy's database";
    public const string Store = "our store";
    public const string Rest = "the rest";

    public static IReadOnlyList<PartProcess> Now()
    {
        var seen = new List<(int Id, int Parent, string[] Words, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                // from the third on: the name before may contain spaces
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                seen.Add(
                    (
                        id,
                        int.Parse(fields[1], CultureInfo.InvariantCulture),
                        File.ReadAllText($"{folder}/cmdline").Split('\0'),
                        long.Parse(fields[11], CultureInfo.InvariantCulture)
                            + long.Parse(fields[12], CultureInfo.InvariantCulture)
                    )
                );
            }
            catch (IOException) { } // it has ended
        }
        // The databases that its backends serve tell whether a server is our store or the legacy system's.
        var backends = seen.Where(one => one.Words[0].StartsWith("postgres: ", StringComparison.Ordinal)).ToList();
        var stores = backends
            .Where(one => one.Words[0].Contains(" strangler ", StringComparison.Ordinal))
            .Select(one => one.Parent)
            .ToHashSet();
        var servers = backends.Select(one => one.Parent).ToHashSet();
        var parents = seen.ToDictionary(one => one.Id, one => one.Parent);
        return
        [
            .. seen.Select(one => new PartProcess(
                one.Id,
                IsOurs(one.Id) ? PartOf(one.Id, one.Parent, one.Words) : Rest,
                one.Ticks
            )),
        ];

        bool IsOurs(int id)
        {
            while (id != Environment.ProcessId)
            {
                if (!parents.TryGetValue(id, out id))
                    return false;
            }
            return true;
        }

        string PartOf(int id, int parent, string[] words) =>
            words switch
            {
                _ when id == Environment.ProcessId => Load,
                _ when servers.Contains(id) || servers.Contains(parent) => stores.Contains(id)
                || stores.Contains(parent)
                    ? Store
                    : Database,
                _ when Array.Exists(words, word => word.EndsWith("Strangler.Legacy.dll", StringComparison.Ordinal)) =>
                    Services,
                [_, var program, var role, ..] when program.EndsWith("strangler.dll", StringComparison.Ordinal) => role,
                _ => Rest,
            };
    }
}
