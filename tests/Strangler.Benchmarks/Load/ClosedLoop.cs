namespace Strangler.Benchmarks.Load;

/// <summary>
/// A number of connections, each of which sends the next request as soon as it has an answer: the most that a server
/// can do.
/// </summary>
internal static class ClosedLoop
{
    public static async Task<LoadResult> RunAsync(
        Uri address,
        Requests requests,
        int connections,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var open = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => RawConnection.OpenAsync(address, cancellationToken))
        );
        try
        {
            var began = time.GetTimestamp();
            var done = await Task.WhenAll(
                open.Select(connection =>
                    Task.Run(
                        () => AskAsync(connection, requests, began, duration, time, cancellationToken),
                        cancellationToken
                    )
                )
            );
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            var latencies = done.SelectMany(one => one.Latencies).ToArray();
            Array.Sort(latencies);
            return new(seconds, latencies, done.Sum(one => one.Failed));
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
        long began,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var latencies = new List<double>(1 << 16);
        var failed = 0;
        while (time.GetElapsedTime(began) < duration)
        {
            var sent = time.GetTimestamp();
            var (status, _) = await connection.AskAsync(requests.Next(), cancellationToken);
            if (status == 200)
                latencies.Add(time.GetElapsedTime(sent).TotalMilliseconds);
            else
                failed++;
        }
        return (latencies, failed);
    }
}
