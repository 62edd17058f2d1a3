using System.Text;

namespace Strangler.ChangeLog.Tests;

/// <summary>Records and appends in a short notation: commit numbers stand for LSNs, seconds for times.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Day = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double second) => Day.AddSeconds(second);

    public static Position End(ulong commit, int epoch = 1) => Position.EndOf(epoch, new Lsn(commit));

    public static LogRecord Record(ulong commit, int ordinal, int epoch = 1, int bytes = 20, ulong? xid = null) =>
        new(
            new Position(epoch, new Lsn(commit), ordinal),
            xid ?? (commit + 1),
            LogRecordKind.Data,
            "shop.public.item",
            Encoding.UTF8.GetBytes($$"""{"sku":"{{ordinal}}"}"""),
            [],
            Encoding.UTF8.GetBytes($"{commit}/{ordinal}".PadRight(bytes))
        );

    public static LogRecord[] Records(ulong commit, int from, int count, int epoch = 1, int bytes = 20) =>
        [.. Enumerable.Range(from, count).Select(ordinal => Record(commit, ordinal, epoch, bytes))];

    public static LogTransaction Transaction(ulong commit, int records, double second) =>
        new(new Lsn(commit), commit + 1, At(second), records);

    /// <summary>One whole transaction.</summary>
    public static LogAppend Whole(
        ulong commit,
        int count,
        double? second = null,
        int epoch = 1,
        int bytes = 20,
        byte[]? offset = null
    ) =>
        new(
            Records(commit, 0, count, epoch, bytes),
            [Transaction(commit, count, second ?? commit)],
            End(commit, epoch),
            At(second ?? commit),
            offset
        );

    /// <summary>A part of a transaction or snapshot that is not yet whole.</summary>
    public static LogAppend Part(ulong commit, int from, int count, int epoch = 1, byte[]? offset = null) =>
        new(Records(commit, from, count, epoch), [], null, At(commit), offset);

    /// <summary>A part of a snapshot that is not yet whole.</summary>
    public static LogAppend Read(ulong commit, int from, int count) =>
        new(
            [.. Enumerable.Range(from, count).Select(ordinal => Record(commit, ordinal, xid: 0))],
            [],
            null,
            At(commit)
        );

    /// <summary>A whole snapshot: rows that belong to no transaction.</summary>
    public static LogAppend Snapshot(ulong commit, int count, int epoch = 1) =>
        new(
            [.. Enumerable.Range(0, count).Select(ordinal => Record(commit, ordinal, epoch, xid: 0))],
            [],
            End(commit, epoch),
            At(commit)
        );

    public static LogAppend Progress(ulong commit, double? second = null, int epoch = 1) =>
        new([], [], End(commit, epoch), At(second ?? commit));
}
