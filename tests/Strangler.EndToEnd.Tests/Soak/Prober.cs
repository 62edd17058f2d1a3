using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// Requests random keys from the gateway, some hundred times a second, and passes on the results. An answer waits until
/// everything that happened before it is recorded, then it is judged.
/// </summary>
internal sealed class Prober : IAsyncDisposable
{
    private const int Workers = 4;
    private const string Handshake =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly Uri _gateway;
    private readonly Shop _shop;
    private readonly Timeline _timeline;
    private readonly TimeProvider _time;
    private readonly Action<ProbeAnswer> _judge;
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<ProbeAnswer> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks;

    /// <param name="gateway">The gateway's address.</param>
    /// <param name="shop">The clock, and the recorded changes.</param>
    /// <param name="timeline">Knows until when everything is recorded.</param>
    /// <param name="seed">Determines the requests.</param>
    /// <param name="judge">Gets each answer once everything that it may show is known; one at a time.</param>
    /// <param name="time">The clock of the pace.</param>
    public Prober(Uri gateway, Shop shop, Timeline timeline, int seed, Action<ProbeAnswer> judge, TimeProvider time)
    {
        (_gateway, _shop, _timeline, _time, _judge) = (gateway, shop, timeline, time, judge);
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway, Timeout = AnswerLimit };
        var randoms = Enumerable.Range(0, Workers).Select(worker => new Random(seed + worker));
        _tasks = [.. randoms.Select(random => Task.Run(() => ProbeAsync(random))), Task.Run(JudgeAsync)];
    }

    /// <summary>Requests a key, out of turn. The result is judged like any other.</summary>
    public async Task<ProbeAnswer> AskAsync(Probe probe)
    {
        var sent = _shop.Now;
        ProbeAnswer answer;
        try
        {
            answer = probe.Form is ProbeForm.Spelling or ProbeForm.Handshake
                ? await AskRawAsync(probe, sent)
                : await AskHttpAsync(probe, sent);
        }
        catch (Exception exception) when (IsNoAnswer(exception))
        {
            answer = new(probe, sent, _shop.Now, Answerer.Nobody, 0, exception.Message, "");
        }
        _waiting.Enqueue(answer);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        _http.Dispose();
    }

    private async Task ProbeAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            await AskAsync(Probe.Draw(random, ShopTables.Keys));
            await PauseAsync();
        }
    }

    private async Task<ProbeAnswer> AskHttpAsync(Probe probe, TimeSpan sent)
    {
        using var response = await _http.GetAsync(probe.Target, CancellationToken.None);
        var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
        var header = response.Headers.TryGetValues("Strangler-Answer", out var values) ? string.Join(' ', values) : "";
        var by = By(header, response.Headers.Contains(ShopService.Mark));
        return new(probe, sent, _shop.Now, by, (int)response.StatusCode, body, header);
    }

    private async Task<ProbeAnswer> AskRawAsync(Probe probe, TimeSpan sent)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, _time);
        var headers = probe.Form == ProbeForm.Handshake ? Handshake : "Connection: close\r\n";
        var exchange = await RawExchange.Async(_gateway, probe.Target, headers, limit.Token);
        var header = exchange.Header("Strangler-Answer");
        var by = By(header, exchange.Header(ShopService.Mark).Length > 0);
        return new(probe, sent, _shop.Now, by, exchange.Status, exchange.Body, header);
    }

    private static bool IsNoAnswer(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or OperationCanceledException;

    private static Answerer By(string header, bool marked) =>
        header == "lookup" ? Answerer.Lookup
        : marked ? Answerer.Legacy
        : Answerer.Gateway;

    private async Task JudgeAsync()
    {
        while (!_stop.IsCancellationRequested || !_waiting.IsEmpty)
        {
            _shop.Reach();
            while (_waiting.TryPeek(out var answer) && answer.Read <= _timeline.Through)
            {
                _waiting.TryDequeue(out answer);
                _judge(answer!);
            }
            await PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pace, _time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Waiting answers are still judged.
        }
    }
}
