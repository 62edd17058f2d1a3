using System.Globalization;
using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>How far apart two values at a path may be.</summary>
internal abstract record Tolerance
{
    private Tolerance(PathPattern path) => Path = path;

    public PathPattern Path { get; }

    /// <summary>The rule, as a report shows it.</summary>
    public string Rule => $"Tolerances {Path.Text} {Amount}";

    /// <summary>How far, in words.</summary>
    public string Amount =>
        this switch
        {
            Absolute absolute => $"Absolute {Plain(absolute.Max)}",
            Relative relative => $"Relative {Plain(relative.Max)}",
            Time time => $"Time {time.Max.ToString("c", CultureInfo.InvariantCulture)}",
            _ => throw new InvalidOperationException("This tolerance doesn't exist."),
        };

    /// <summary>0.10 and 0.1 are one tolerance.</summary>
    private static string Plain(decimal value) =>
        value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>Numbers, or strings that contain numbers: |a - b| is at most <paramref name="Max"/>.</summary>
    public sealed record Absolute(PathPattern At, decimal Max) : Tolerance(At);

    /// <summary>
    /// Numbers, or strings that contain numbers: |a - b| is at most <paramref name="Max"/> times the greater of |a| and
    /// |b|.
    /// </summary>
    public sealed record Relative(PathPattern At, decimal Max) : Tolerance(At);

    /// <summary>ISO 8601 strings, compared as instants.</summary>
    public sealed record Time(PathPattern At, TimeSpan Max) : Tolerance(At);
}
