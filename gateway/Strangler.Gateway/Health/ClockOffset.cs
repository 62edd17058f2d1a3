using System.Globalization;

namespace Strangler.Gateway.Health;

/// <summary>How far a clock is ahead of this gateway's, as a look at it has found.</summary>
/// <param name="Ahead">Negative: it is behind.</param>
/// <param name="Error">Half of what the look took: the true value is no further away.</param>
internal sealed record ClockOffset(TimeSpan Ahead, TimeSpan Error)
{
    /// <param name="clock">What it said.</param>
    /// <param name="trip">From asking to its answer.</param>
    /// <param name="now">This gateway's clock when the answer had come.</param>
    public static ClockOffset Of(DateTimeOffset clock, TimeSpan trip, DateTimeOffset now) =>
        new(clock - (now - trip / 2), trip / 2);

    /// <summary>
    /// What a person should know of it; null: the clocks agree to a second, or that is all that can be said.
    /// </summary>
    public string? Sentence =>
        (Ahead.Duration() - Error).TotalSeconds <= 1
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The source's clock is {Ahead.Duration().TotalSeconds:0.0} s "
                    + $"{(Ahead > TimeSpan.Zero ? "ahead of" : "behind")} this gateway's. Look at both machines' time "
                    + $"synchronization. Ages do not depend on it while the source is looked at."
            );
}
