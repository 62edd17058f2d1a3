using System.Globalization;
using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>A question with its texts parsed.</summary>
/// <param name="Floor">The source's insert LSN before the snapshot.</param>
/// <param name="Xmax">The first id that the snapshot doesn't know.</param>
/// <param name="Running">
/// Ids below <paramref name="Xmax"/> that were in progress. <c>pg_current_snapshot()</c> lists whole transactions only,
/// as the log does.
/// </param>
/// <param name="To">L1.</param>
internal sealed record ParsedBracketQuestion(Lsn Floor, ulong Xmax, IReadOnlyList<ulong> Running, Lsn To)
{
    private const int MaxKeys = 100;

    /// <exception cref="ArgumentException">The question is malformed; the message says how.</exception>
    public static ParsedBracketQuestion Of(BracketQuestion question)
    {
        if (question.Keys is not { Count: > 0 and <= MaxKeys } keys)
            throw new ArgumentException($"A question has 1 to {MaxKeys} keys.");
        if (
            keys.Any(key => key is null || key.Contains('\0', StringComparison.Ordinal))
            || keys.Distinct(StringComparer.Ordinal).Count() != keys.Count
        )
            throw new ArgumentException("A question's keys are distinct texts, without U+0000.");
        if (question.ClockTo < question.ClockFrom)
            throw new ArgumentException("The latest clock is before the earliest.");
        if (question.Before is not { Floor: { Value: > 0 } floor } before)
            throw new ArgumentException($"The floor '{question.Before?.Floor}' is not an LSN.");
        var to = question.After;
        if (to < floor)
            throw new ArgumentException($"The bracket ends at {to}, before it begins, at {floor}.");
        if (before.Snapshot?.Split(':') is not [_, var xmaxText, var runningText] || !TryNumber(xmaxText, out var xmax))
            throw Malformed();
        var running = new List<ulong>();
        foreach (var text in runningText.Split(',', StringSplitOptions.RemoveEmptyEntries))
            running.Add(TryNumber(text, out var xid) ? xid : throw Malformed());
        return new ParsedBracketQuestion(floor, xmax, running, to);

        ArgumentException Malformed() =>
            new($"'{before.Snapshot}' is not a snapshot as pg_current_snapshot() writes it.");
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
