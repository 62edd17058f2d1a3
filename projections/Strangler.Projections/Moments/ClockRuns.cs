using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>What f makes from a clock on.</summary>
internal sealed record ClockRun(DateTimeOffset Clock, Made Made);

/// <summary>
/// Runs f for one state of a key's rows at the earliest clock and at each RecomputeAt on the way to the latest. No I/O.
/// </summary>
internal static class ClockRuns
{
    private const int MostRuns = 256;
    private const int LongestError = 2_000;

    /// <param name="ran">Called after each run.</param>
    /// <returns>
    /// What f made, each where it differs from what it made before, for RecomputeAt may be too early. Null: it would be
    /// run too often.
    /// </returns>
    public static IReadOnlyList<ClockRun>? Run(
        BoundProjection projection,
        KeyRows rows,
        DateTimeOffset from,
        DateTimeOffset to,
        Action ran
    )
    {
        var runs = new List<ClockRun>();
        var clock = from;
        for (var count = 0; count < MostRuns; count++)
        {
            var outcome = Computing.Compute(projection, rows, clock);
            ran();
            var made = MadeOf(outcome);
            if (runs.Count == 0 || !AreSame(runs[^1].Made, made))
                runs.Add(new ClockRun(clock, made));
            if (outcome is not Outcome.Made { RecomputeAt: { } due } || due > to)
                return runs;
            clock = due;
        }
        return null;
    }

    public static bool AreSame(Made one, Made other) =>
        (one, other) switch
        {
            (Made.Document left, Made.Document right) => left.Bytes.Span.SequenceEqual(right.Bytes.Span),
            (Made.Document, _) or (_, Made.Document) => false,
            _ => one == other,
        };

    public static Made Threw(string error) =>
        new Made.Threw(error.Length <= LongestError ? error : error[..LongestError]);

    private static Made MadeOf(Outcome outcome) =>
        outcome switch
        {
            Outcome.Made { Bytes: { } bytes } => new Made.Document(bytes),
            Outcome.Made => Made.Absent.Value,
            Outcome.Failed failed => Threw(failed.Error),
            _ => throw new InvalidOperationException($"There is no outcome such as {outcome}."),
        };
}
