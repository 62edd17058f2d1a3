using System.Threading.Channels;

namespace Strangler.Benchmarks.Load;

/// <summary>
/// Requests at a fixed rate, whether or not earlier ones have been answered. A latency counts from the time at which
/// its request was due, so that a server that stalls can't hide it.
/// </summary>
internal static class OpenLoop
{
    public static async Task<LoadResult> RunAsync(
        Uri address,
        Requests requests,
        double perSecond,
        int connections,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var due = Channel.CreateBounded<long>(new BoundedChannelOptions(100_000) { SingleWriter = true });
        var open = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => RawConnection.OpenAsync(address, cancellationToken))
        );
        try
        {
            var began = time.GetTimestamp();
            var asking = open.Select(connection =>
                    Task.Run(
                        () => AskAsync(connection, requests, due.Reader, time, cancellationToken),
                        cancellationToken
                    )
                )
                .ToArray();
            var total = (int)(perSecond * duration.TotalSeconds);
            for (var i = 0; i < total; i++)
            {
                var at = began + (long)(i / perSecond * time.TimestampFrequency);
                while (time.GetTimestamp() < at)
                    await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
                await due.Writer.WriteAsync(at, cancellationToken);
            }
            due.Writer.Complete();
            var done = await Task.WhenAll(asking);
            var latencies = done.SelectMany(one => one.Latencies).ToArray();
            Array.Sort(latencies);
            return new(time.GetElapsedTime(began).TotalSeconds, latencies, done.Sum(one => one.Failed));
        }
        finally
        {
            foreach (var connection in open)
                connection.Dispose();
        }
    }

    private static async Task<(List<double> Latencies, int Failed)> AskAsync(
        RawConnection connection,
        Requests requests,
        ChannelReader<long> due,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var latencies = new List<double>(1 << 14);
        var failed = 0;
        await foreach (var at in due.ReadAllAsync(cancellationToken))
        {
            var (status, _) = await connection.AskAsync(requests.Next(), cancellationToken);
            if (status == 200)
                latencies.Add(time.GetElapsedTime(at).TotalMilliseconds);
            else
                failed++;
        }
        return (latencies, failed);
    }
}
