using System.Globalization;

namespace Strangler.Gateway.Freshness;

/// <summary>Which transactions a snapshot of the source sees: its <c>pg_current_snapshot()</c>.</summary>
internal sealed class SourceSnapshot
{
    private readonly ulong _end;
    private readonly HashSet<ulong> _running;

    private SourceSnapshot(ulong end, HashSet<ulong> running) => (_end, _running) = (end, running);

    /// <summary>Reads <c>xmin:xmax:xip,…</c>. Null if it is something else.</summary>
    public static SourceSnapshot? Parse(string text)
    {
        if (text.Split(':') is not [_, var end, var running] || !TryParse(end, out var last))
            return null;
        var open = new HashSet<ulong>();
        foreach (var one in running.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(one, out var xid))
                return null;
            open.Add(xid);
        }
        return new SourceSnapshot(last, open);
    }

    /// <summary>Whether every transaction that another one sees as ended is ended in this one, too.</summary>
    public bool SeesAllOf(SourceSnapshot other) =>
        _end >= other._end && _running.All(xid => xid >= other._end || other._running.Contains(xid));

    private static bool TryParse(string text, out ulong xid) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out xid);
}
