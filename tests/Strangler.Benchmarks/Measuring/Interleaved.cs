using System.Globalization;

namespace Strangler.Benchmarks.Measuring;

/// <summary>
/// Measures sides in turn, round after round in one run: on a shared machine only figures from the same time can be
/// compared. A ratio is taken within each round.
/// </summary>
internal static class Interleaved
{
    // Rounds that are not counted: a program that has just started is recompiled while it runs, which takes some
    // seconds of one of two processors.
    private const int WarmUps = 2;

    /// <returns>A side's windows, in the sides' order.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<Window>>> RunAsync(
        IReadOnlyList<Side> sides,
        int rounds,
        TimeSpan window,
        CancellationToken cancellationToken
    )
    {
        for (var round = 0; round < WarmUps; round++)
        {
            foreach (var side in sides)
                await side.MeasureAsync(window, cancellationToken);
        }
        var windows = sides.Select(_ => new List<Window>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var step = 0; step < sides.Count; step++)
            {
                var turn = (step + round) % sides.Count; // no side is always the first
                windows[turn].Add(await sides[turn].MeasureAsync(window, cancellationToken));
            }
        }
        return windows;
    }

    public static void Print(string title, IReadOnlyList<Side> sides, IReadOnlyList<IReadOnlyList<Window>> windows)
    {
        Console.WriteLine();
        Console.WriteLine($"{title}: medians of {windows[0].Count} interleaved windows [least .. most]");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {"", -34} {"requests/s", -28} {"p50 ms", -22} {"p99 ms", -24} {"CPU us/request", -24} failed"
            )
        );
        for (var i = 0; i < sides.Count; i++)
        {
            var of = windows[i];
            var processor = of[0].ProcessorPerRequest is null
                ? "-"
                : Spread.Of(of.Select(window => window.ProcessorPerRequest!.Value)).Text("0");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {sides[i].Name, -34} "
                        + $"{Spread.Of(of.Select(window => window.Load.PerSecond)).Text("0.0"), -28} "
                        + $"{Spread.Of(of.Select(window => window.Load.Quantile(0.5))).Text("0.00"), -22} "
                        + $"{Spread.Of(of.Select(window => window.Load.Quantile(0.99))).Text("0.00"), -24} "
                        + $"{processor, -24} {of.Sum(window => window.Load.Failed)}"
                )
            );
        }
    }

    /// <summary>
    /// Prints how the machine's processor time was spent: microseconds per request, by part and side.
    /// </summary>
    public static void PrintParts(IReadOnlyList<Side> sides, IReadOnlyList<IReadOnlyList<Window>> windows)
    {
        Console.WriteLine(
            $"  {"CPU us/request by part", -34} {string.Join(' ', sides.Select(side => $"{side.Name, -28}"))}"
        );
        foreach (
            var part in windows
                .SelectMany(of => of)
                .SelectMany(window => window.Parts.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            var each = windows.Select(of =>
                Spread
                    .Of(of.Select(window => window.Parts.GetValueOrDefault(part) / window.Load.Latencies.Length * 1e6))
                    .Text("0")
            );
            Console.WriteLine($"  {part, -34} {string.Join(' ', each.Select(one => $"{one, -28}"))}");
        }
    }

    /// <summary>Prints a ratio next to its target; a missed target is marked.</summary>
    public static void PrintRatio(
        string name,
        IReadOnlyList<Window> ours,
        IReadOnlyList<Window> theirs,
        Func<Window, double> of,
        double target,
        bool atLeast = true
    )
    {
        var ratio = Spread.Of(ours.Zip(theirs, (one, other) => of(one) / of(other)));
        var met = atLeast ? ratio.Median >= target : ratio.Median <= target;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {name}: {ratio.Text("0.000")}, target {(atLeast ? ">=" : "<=")} {target}: "
                    + $"{(met ? "met" : "MISSED")}"
            )
        );
    }
}
