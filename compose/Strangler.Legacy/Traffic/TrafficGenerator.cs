using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Shop.Hosting;

namespace Shop.Traffic;

/// <summary>
/// Reads and writes at a steady rate, whether or not answers arrive in time, and stops by itself. At most
/// <see cref="TrafficOptions.ReadsInFlight"/> reads and <see cref="TrafficOptions.WritesInFlight"/> writes are in
/// flight; further due requests wait at most <see cref="TrafficOptions.CatchUp"/>, and are then dropped and counted.
/// </summary>
public sealed class TrafficGenerator : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TrafficOptions _options;
    private readonly TimeProvider _time;
    private readonly TrafficPlan _plan;
    private readonly HttpClient _http;
    private readonly Flow _reads;
    private readonly Flow _writes;

    // Emptied into every line, and filled only if the lines name the items.
    private readonly ConcurrentQueue<string> _items = new();

    public TrafficGenerator(TrafficOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _plan = new(options.Items, options.Seed);
        _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = options.Url,
            Timeout = options.Patience,
        };
        _reads = new(options.ReadsPerSecond, options.ReadsInFlight, options.CatchUp, _plan.NextRead);
        _writes = new(options.WritesPerSecond, options.WritesInFlight, options.CatchUp, _plan.NextWrite);
    }

    /// <summary>Writes a line of JSON each second, and one for the whole run at the end.</summary>
    public static async Task RunAsync(
        TrafficOptions options,
        TimeProvider time,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        using var generator = new TrafficGenerator(options, time);
        await generator.RunAsync(output, cancellationToken);
    }

    /// <summary>
    /// Runs for the options' duration, or until it is cancelled; both end with the line for the whole run.
    /// </summary>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var nextLine = Second;
        using (var timer = new PeriodicTimer(Tick, _time))
        {
            var elapsed = TimeSpan.Zero;
            while (elapsed < _options.Duration && !cancellationToken.IsCancellationRequested)
            {
                Start(_reads, elapsed);
                Start(_writes, elapsed);
                if (elapsed >= nextLine)
                {
                    await WriteAsync(output, elapsed, false);
                    nextLine += Second;
                }
                await WaitAsync(timer, cancellationToken);
                elapsed = _time.GetElapsedTime(start);
            }
        }
        if (!cancellationToken.IsCancellationRequested)
        {
            _reads.End(_options.Duration);
            _writes.End(_options.Duration);
        }
        await _reads.IdleAsync();
        await _writes.IdleAsync();
        await WriteAsync(output, _time.GetElapsedTime(start), true);
    }

    public void Dispose() => _http.Dispose();

    private static async Task WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop checks the token, and requests in flight are still counted.
        }
    }

    private void Start(Flow flow, TimeSpan elapsed)
    {
        while (flow.TakeDue(elapsed) is { } request)
            flow.Track(SendAsync(request, flow));
    }

    // It is not cancelled: HttpClient's own timeout limits it, and every sent request is counted.
    private async Task SendAsync(TrafficRequest request, Flow flow)
    {
        var start = _time.GetTimestamp();
        if (_options.NamesItems && request.Items is { } items)
            _items.Enqueue(items);
        try
        {
            using var message = new HttpRequestMessage(
                new HttpMethod(request.Method),
                new Uri(request.Path, UriKind.Relative)
            );
            if (request.Json is { } json)
                message.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await _http.SendAsync(message, CancellationToken.None);
            var body = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            flow.Answered((int)response.StatusCode, _time.GetElapsedTime(start));
            if (request is { Method: "POST", Path: "/api/reservations" } && (int)response.StatusCode == 201)
                Remember(body);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            flow.Failed();
        }
    }

    private void Remember(byte[] body)
    {
        using var reservation = JsonDocument.Parse(body);
        _plan.Reserved(reservation.RootElement.GetProperty("id").GetString()!);
    }

    private async Task WriteAsync(TextWriter output, TimeSpan elapsed, bool total)
    {
        var line = new TrafficLine(
            Math.Round(elapsed.TotalSeconds, 1),
            total,
            _reads.Report(total),
            _writes.Report(total),
            _options.NamesItems ? [.. Named()] : null
        );
        await output.WriteLineAsync(JsonSerializer.Serialize(line, ShopJson.Options));
        await output.FlushAsync(CancellationToken.None);
    }

    private IEnumerable<string> Named()
    {
        while (_items.TryDequeue(out var items))
        {
            foreach (var item in items.Split(','))
                yield return item;
        }
    }

    /// <summary>Requests of one kind: when they are due, how many are in flight, and their results.</summary>
    private sealed class Flow(int perSecond, int inFlight, TimeSpan catchUp, Func<TrafficRequest> next)
    {
        private readonly TrafficPace _pace = new(perSecond, catchUp);
        private readonly TrafficTally _second = new();
        private readonly TrafficTally _all = new();
        private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // One more than the number in flight, until nothing more will be sent.
        private int _open = 1;

        /// <summary>The next request to send now; null: none is due, or no place is free.</summary>
        public TrafficRequest? TakeDue(TimeSpan elapsed)
        {
            var send = _pace.Take(elapsed, Volatile.Read(ref _open) <= inFlight, out var givenUp);
            Dropped(givenUp);
            return send ? next() : null;
        }

        /// <summary>The time is over: waiting requests are not sent.</summary>
        public void End(TimeSpan elapsed) => Dropped(_pace.End(elapsed));

        public void Track(Task sending)
        {
            _second.Sent();
            _all.Sent();
            Interlocked.Increment(ref _open);
            sending.ContinueWith(
                _ => Close(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        public void Answered(int status, TimeSpan took)
        {
            _second.Answered(status, took);
            _all.Answered(status, took);
        }

        public void Failed()
        {
            _second.Failed();
            _all.Failed();
        }

        public TrafficReport Report(bool total) => total ? _all.Report(false) : _second.Report(true);

        public Task IdleAsync()
        {
            Close();
            return _idle.Task;
        }

        private void Dropped(long count)
        {
            _second.Dropped(count);
            _all.Dropped(count);
        }

        private void Close()
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _idle.TrySetResult();
        }
    }
}
