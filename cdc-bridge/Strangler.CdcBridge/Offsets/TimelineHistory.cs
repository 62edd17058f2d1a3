using System.Globalization;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>A timeline's history file: a line for each ancestor with the point where it was left.</summary>
internal static class TimelineHistory
{
    /// <summary>
    /// Where the timeline <paramref name="timeline"/> was left; null if the history doesn't contain it.
    /// </summary>
    public static Lsn? LeftAt(string history, uint timeline)
    {
        foreach (
            var line in history.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (
                fields.Length >= 2
                && uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id == timeline
                && Lsn.TryParse(fields[1], null, out var left)
            )
                return left;
        }
        return null;
    }
}
