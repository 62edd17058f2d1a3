using System.Collections.Concurrent;
using System.Globalization;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// Arms named points of the code for one run of a part, and counts how often each has killed, and how often a part was
/// killed from outside.
/// </summary>
internal sealed class KillLog : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly ConcurrentDictionary<string, int> _others = new(StringComparer.Ordinal);

    /// <summary>
    /// The environment of a run that is killed when it passes <paramref name="point"/> for the n-th time.
    /// </summary>
    public IReadOnlyDictionary<string, string?> At(string point, int n) =>
        new Dictionary<string, string?>
        {
            ["STRANGLER_FAILPOINT"] = string.Create(CultureInfo.InvariantCulture, $"{point}@{n}"),
            ["STRANGLER_FAILPOINT_LOG"] = _file,
        };

    /// <summary>Counts a kill from outside.</summary>
    public void Add(string what) => _others.AddOrUpdate(what, 1, static (_, count) => count + 1);

    public int Hits(string point) => File.ReadLines(_file).Count(line => line == point);

    /// <summary>
    /// A line for each of the points, hit or not, and for each kind of kill from outside, with its count.
    /// </summary>
    public string Table(IEnumerable<string> points)
    {
        var rows = points
            .Select(point => (What: point, Times: Hits(point)))
            .Concat(
                _others
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => (What: pair.Key, Times: pair.Value))
            )
            .ToList();
        var width = rows.Max(row => row.What.Length);
        return string.Join(
            '\n',
            [
                $"{"killed at".PadRight(width)}  times",
                .. rows.Select(row =>
                    string.Create(CultureInfo.InvariantCulture, $"{row.What.PadRight(width)}  {row.Times, 5}")
                ),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{"in all".PadRight(width)}  {rows.Sum(row => row.Times), 5}"
                ),
            ]
        );
    }

    public void Dispose() => File.Delete(_file);
}
