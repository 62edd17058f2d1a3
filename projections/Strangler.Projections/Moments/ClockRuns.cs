using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// Runs f for one state of a key's rows at the earliest clock and at each RecomputeAt on the way to the latest. No I/O.
/// </summary>
internal static class ClockRuns
{
    private const int MaxRuns = 256;
    private const int MaxErrorLength = 2_000;

    /// <param name="ran">Called after each run.</param>
    /// <returns>
    /// f's results, each only if it differs from the one before, because RecomputeAt may be too early. Null if f would
    /// have to run too often.
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
        for (var count = 0; count < MaxRuns; count++)
        {
            var outcome = FunctionRunner.Compute(projection, rows, clock);
            ran();
            var made = MadeOf(outcome);
            if (runs.Count == 0 || !AreSame(runs[^1].Made, made))
                runs.Add(new ClockRun(clock, made));
            if (outcome is not KeyOutcome.Made { RecomputeAt: { } due } || due > to)
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
        new Made.Threw(error.Length <= MaxErrorLength ? error : error[..MaxErrorLength]);

    private static Made MadeOf(KeyOutcome outcome) =>
        outcome switch
        {
            KeyOutcome.Made { LegacyReason: { } reason } => new Made.AskLegacy(reason),
            KeyOutcome.Made { Bytes: { } bytes } => new Made.Document(bytes),
            KeyOutcome.Made => Made.Absent.Value,
            KeyOutcome.Failed failed => Threw(failed.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
}
