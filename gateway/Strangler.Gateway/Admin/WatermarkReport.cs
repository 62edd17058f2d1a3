using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>How far a projection is.</summary>
/// <param name="Watermark">Null if it hasn't been built, or the store doesn't answer.</param>
/// <param name="LagSeconds">The watermark's age if it is known, otherwise its age by this gateway's clock.</param>
/// <param name="Trouble">Why the store doesn't answer. Null if it does.</param>
public sealed record WatermarkReport(string Projection, Watermark? Watermark, double? LagSeconds, string? Trouble)
{
    /// <summary>The age by which look-ups are judged. Null if it isn't known.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>
    /// How long this gateway has seen the watermark unchanged. Null if it has seen no watermark. The bridge moves it
    /// each second, whether or not rows change.
    /// </summary>
    public double? RestSeconds { get; init; }

    /// <summary>Why the age isn't known, which sends look-ups to the call graph. Null if it is known.</summary>
    public string? Doubt { get; init; }
}
