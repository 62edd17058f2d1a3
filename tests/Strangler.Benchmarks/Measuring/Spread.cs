using System.Globalization;

namespace Strangler.Benchmarks.Measuring;

/// <summary>A median with its range.</summary>
internal readonly record struct Spread(double Least, double Median, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? new(double.NaN, double.NaN, double.NaN)
            : new(sorted[0], Middle(sorted), sorted[^1]);
    }

    public string Text(string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Median.ToString(format, CultureInfo.InvariantCulture)} "
                + $"[{Least.ToString(format, CultureInfo.InvariantCulture)} .. "
                + $"{Most.ToString(format, CultureInfo.InvariantCulture)}]"
        );

    private static double Middle(double[] sorted) =>
        sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
}
