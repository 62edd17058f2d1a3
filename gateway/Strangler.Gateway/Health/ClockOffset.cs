using System.Globalization;

namespace Strangler.Gateway.Health;

/// <summary>How far a clock is ahead of this gateway's, as measured by a look.</summary>
/// <param name="Ahead">Negative if it is behind.</param>
/// <param name="Error">Half of the look's duration, which is the maximum distance of the true value.</param>
internal sealed record ClockOffset(TimeSpan Ahead, TimeSpan Error)
{
    /// <param name="clock">The time that it showed.</param>
    /// <param name="trip">The time from the question to the answer.</param>
    /// <param name="now">This gateway's clock when the answer arrived.</param>
    public static ClockOffset Of(DateTimeOffset clock, TimeSpan trip, DateTimeOffset now) =>
        new(clock - (now - trip / 2), trip / 2);

    /// <summary>
    /// What a person should know of it. Null if the clocks agree to a second, or may do so within the error.
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
