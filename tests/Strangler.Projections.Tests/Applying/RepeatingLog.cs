using Strangler.ChangeLog;
using Strangler.Testing;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// A log with at-least-once reads: pages are cut anywhere, begin where an earlier one began, and contain records twice
/// and out of order.
/// </summary>
internal sealed class RepeatingLog(IChangeLog log, Random random) : WrappedChangeLog(log)
{
    private readonly List<Position> _asked = [];

    public override async Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    )
    {
        _asked.RemoveAll(position => position > after);
        _asked.Add(after);
        var (from, records) = (random.Next(2) == 0 ? after : _asked[random.Next(_asked.Count)], new List<LogRecord>());
        while (true)
        {
            var read = await Inner.ReadAsync(
                source,
                from,
                limit with
                {
                    Records = 1 + random.Next(limit.Records),
                },
                cancellationToken
            );
            if (read is not LogRead<LogPage>.Found(var page))
                return read;
            foreach (var record in page.Records)
            {
                records.Add(record);
                if (random.Next(4) == 0)
                    records.Add(records[random.Next(records.Count)]);
            }
            if (page.Through > after || page.Through == from)
                return page with { Records = records };
            from = page.Through;
        }
    }
}
