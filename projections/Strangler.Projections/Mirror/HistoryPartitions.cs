using System.Globalization;

namespace Strangler.Projections.Mirror;

/// <summary>The partitions of history, an hour each by our clock: made before they are written to, and dropped whole when they are older than what is kept.</summary>
internal sealed class HistoryPartitions(IReadOnlyList<MirrorTable> tables)
{
    private const string NameFormat = "yyyyMMddHH";
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);
    private DateTimeOffset? _made;

    /// <summary>Whether versions that end at <paramref name="now"/> have a place for certain.</summary>
    public bool IsMade(DateTimeOffset now) => _made == StartOf(now);

    public async Task MakeAsync(StoreSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var start = StartOf(now);
        foreach (var table in tables)
        {
            await session.ExecuteAsync($"""
                create table if not exists {table.History}_{start.ToString(NameFormat, CultureInfo.InvariantCulture)} partition of {table.History}
                for values from ('{start:yyyy-MM-dd HH:mm:ss}+00') to ('{start + Length:yyyy-MM-dd HH:mm:ss}+00')
                """, [], cancellationToken);
        }
    }

    /// <summary>Called once what <see cref="MakeAsync"/> did is committed.</summary>
    public void Made(DateTimeOffset now) => _made = StartOf(now);

    /// <summary>Drops partitions that ended before <paramref name="keepFrom"/>, and notes from which position on the past can still be read: the last at which a dropped version ended.</summary>
    /// <returns>How many were dropped.</returns>
    public async Task<int> DropAsync(StoreSession session, string source, DateTimeOffset keepFrom, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var table in tables)
        {
            var names = new List<string>();
            await foreach (var row in session.QueryAsync("select inhrelid::regclass::text from pg_inherits where inhparent = $1::text::regclass order by 1", [table.History], cancellationToken)) names.Add(row.GetString(0));
            foreach (var name in names)
            {
                if (!DateTimeOffset.TryParseExact(name[(name.LastIndexOf('_') + 1)..].Trim('"'), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) || start + Length > keepFrom) continue;
                await session.ExecuteAsync($"""
                    update projections.checkpoint c set kept_epoch = v.to_epoch, kept_commit = v.to_commit
                    from (select to_epoch, to_commit from {name} order by to_epoch desc, to_commit desc limit 1) as v
                    where c.source = $1 and (c.kept_epoch is null or (c.kept_epoch, c.kept_commit) < (v.to_epoch, v.to_commit))
                    """, [source], cancellationToken);
                await session.ExecuteAsync($"drop table {name}", [], cancellationToken);
                dropped++;
            }
        }
        return dropped;
    }

    private static DateTimeOffset StartOf(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % Length.Ticks), TimeSpan.Zero);
}
