using System.Globalization;
using Strangler.CdcBridge.Telemetry;

namespace Strangler.Cli;

/// <summary>How far a snapshot is, in one line. Pure.</summary>
internal static class SnapshotLine
{
    private const int BarWidth = 20;

    /// <summary>Without the bar, as a log has it.</summary>
    public static string Text(SnapshotProgress progress, DateTimeOffset now)
    {
        var estimated = progress.EstimatedRows is { } rows ? Invariant($" of about {rows:N0}") : "";
        var rest = progress.RestAt(now) is { } left ? $", about {Span(left)} left" : "";
        var tables = $"{progress.TablesRead} of {progress.Tables} tables";
        return Invariant($"{tables}, {progress.Rows:N0}{estimated} rows, {progress.RateAt(now):N0} rows/s{rest}");
    }

    /// <summary>With a bar, as a terminal shows it.</summary>
    /// <param name="width">How many columns the terminal has; the line is shorter, so that it isn't wrapped.</param>
    public static string Bar(SnapshotProgress progress, DateTimeOffset now, int width)
    {
        var full = (int)(Share(progress) * BarWidth);
        var line = $"[{new string('#', full)}{new string('.', BarWidth - full)}] {Text(progress, now)}";
        return line.Length < width ? line : line[..Math.Max(0, width - 1)];
    }

    /// <summary>By rows where they can be estimated, by tables otherwise; full once everything has been read.</summary>
    private static double Share(SnapshotProgress progress)
    {
        if (progress.TablesRead == progress.Tables)
            return 1;
        var share = progress.EstimatedRows is > 0 and var rows
            ? (double)progress.Rows / rows
            : (double)progress.TablesRead / progress.Tables;
        return Math.Min(share, 0.99);
    }

    private static string Span(TimeSpan span) =>
        span >= TimeSpan.FromHours(1)
            ? Invariant($"{(int)span.TotalHours}:{span:mm\\:ss}")
            : span.ToString("m\\:ss", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
