using System.Globalization;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway.Tests.Shadowing.Simulation;

/// <summary>The options of a simulated case.</summary>
internal sealed record SimCase(int Seed, SimFault Fault = SimFault.None)
{
    /// <summary>Legacy makes all its reads of a call at one instant.</summary>
    public bool Atomic { get; init; }

    /// <summary>Commits become visible in the order of the log.</summary>
    public bool InOrder { get; init; }

    public int CacheTicks { get; init; }

    public bool Crashes { get; init; }

    public bool Alters { get; init; }

    /// <summary>Legacy writes in its call, answers with what it wrote, and commits afterwards.</summary>
    public bool Writes { get; init; }

    /// <summary>How far legacy's clock is off, within what the route declares.</summary>
    public int Skew { get; init; }

    /// <summary>How long a look may take.</summary>
    public int LookTicks { get; init; } = 8;

    /// <summary>The maximum pause between two reads of a call.</summary>
    public int ReadTicks { get; init; } = 12;

    public bool ForgetsSnapshot { get; init; }

    /// <summary>What is wrong with stored documents, although the projection is right.</summary>
    public SimFault StoreFault { get; init; }

    /// <summary>Legacy permanently answers from a cache that nobody declared.</summary>
    public bool HiddenCache { get; init; }
}

/// <summary>
/// Source, legacy, looks and clock of one case. Every wait advances time, so that everything happens meanwhile, and the
/// same seed makes the same case.
/// </summary>
internal sealed class SimWorld : ISourceLooks, ILegacyReplay
{
    private const int MostSkew = 20;
    private const int MostCall = 700;
    private static readonly DateTimeOffset Epoch = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly SimCase _case;
    private readonly LookHistory _history = new(1_000, TimeSpan.FromMinutes(5));
    private readonly Dictionary<int, (string? Text, long Filled)> _cache = [];
    private IReadOnlyList<int> _keys = [];
    private (long Sent, int Generation, int Left, Lsn? Floor, string? Snapshot, Lsn? End)? _look;
    private int _untilLook;

    public SimWorld(SimCase of)
    {
        _case = of;
        Random = new Random(of.Seed);
        Source = new SimSource(Random, of.Crashes, of.Alters, of.InOrder);
        Source.Seed();
        Options = new ShadowModel
        {
            LegacyStaleness = TimeSpan.FromMilliseconds(of.CacheTicks == 0 ? 0 : of.CacheTicks + MostCall),
            ClockSkew = TimeSpan.FromMilliseconds(MostSkew),
            AgainTimes = 21,
        };
    }

    public Random Random { get; }

    public SimSource Source { get; }

    public ShadowModel Options { get; }

    public int Asks { get; private set; }

    /// <summary>The projections that the last comparison asked.</summary>
    public SimProjections? Projections { get; private set; }

    /// <summary>
    /// What every look sees from now on, as from a standby that no longer follows. Null means the current state.
    /// </summary>
    public SourceLook? Frozen { get; set; }

    public static DateTimeOffset Clock(long tick) => Epoch.AddMilliseconds(tick);

    public static long Tick(DateTimeOffset clock) => (long)(clock - Epoch).TotalMilliseconds;

    public void Advance(int ticks)
    {
        for (; ticks > 0; ticks--)
        {
            Source.Tick();
            Look();
        }
    }

    /// <summary>Compares one request of some keys.</summary>
    public async Task<IReadOnlyList<PartVerdict>> CompareAsync(IReadOnlyList<int> keys, ComparisonRules rules)
    {
        _keys = keys;
        Advance(400);
        if (_case.CacheTicks > 0)
        {
            foreach (var key in keys.Where(_ => Random.Next(3) > 0))
                _cache[key] = (Read(key, false), Source.Now);
            Advance(Random.Next(_case.CacheTicks));
        }
        IReadOnlyList<string> texts = [.. keys.Select(key => key.ToString(CultureInfo.InvariantCulture))];
        TakenLook? before;
        while ((before = Before(Source.Now, Options.LegacyStaleness)) is null)
            Advance(1);
        var answer = Ask(fresh: false);
        Projections = new SimProjections(this, _case.Fault)
        {
            ForgetsSnapshot = _case.ForgetsSnapshot,
            StoreFault = _case.StoreFault,
        };
        var judging = new VerdictEvaluator(
            rules,
            text => text,
            candidate =>
                new(
                    new CandidateAnswer(
                        Respond([
                            .. candidate.Documents.Select(document =>
                                document.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null
                            ),
                        ]),
                        null
                    )
                )
        );
        return await new ComparisonRun(
            Options,
            new ProjectionId("Items", "v1"),
            texts,
            judging,
            Projections,
            this,
            this
        ).RunAsync(answer, before, CancellationToken.None);
    }

    /// <summary>Fills the cache that nobody declared.</summary>
    /// <returns>Legacy's answer from now on.</returns>
    public string? Cache(int key)
    {
        _cache[key] = (Read(key, false), Source.Now);
        return _cache[key].Text;
    }

    public TakenLook? Before(long timestamp, TimeSpan back) => Given(_history.Before(timestamp, back));

    public ValueTask<TakenLook?> AfterAsync(long timestamp, CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < 2_000; waited++)
        {
            if (Given(_history.After(timestamp)) is { } found)
                return new(found);
            Advance(1);
        }
        return new((TakenLook?)null);
    }

    public ValueTask<TakenLook?> LookAsync(CancellationToken cancellationToken)
    {
        _untilLook = 0;
        return AfterAsync(Source.Now, cancellationToken);
    }

    public bool IsVerified(TakenLook look) => true; // SimSource is never restored

    public (TakenLook Oldest, TakenLook Newest)? Kept() => _history.Kept();

    public ValueTask<bool> MayAskAsync(CancellationToken cancellationToken) => new(true);

    public ValueTask<LegacyAnswer> AskAsync(CancellationToken cancellationToken)
    {
        Asks++;
        return new(Ask(fresh: Random.Next(2) == 0)); // it may or may not honor no-cache
    }

    public ValueTask PauseAsync(int round, CancellationToken cancellationToken)
    {
        Advance(20 << Math.Min(round, 4));
        return default;
    }

    private static Answer Respond(IReadOnlyList<string?> documents) =>
        documents is [var single]
            ? single is null
                ? Answer.Empty(404)
                : Answer.Json(200, Encoding.UTF8.GetBytes(single))
            : Answer.Json(
                200,
                Encoding.UTF8.GetBytes($$"""{"items":[{{string.Join(',', documents.OfType<string>())}}]}""")
            );

    private TakenLook? Given(TakenLook? look) =>
        Frozen is { } frozen && look is not null ? look with { Look = frozen } : look;

    private LegacyAnswer Ask(bool fresh)
    {
        var began = Source.Now;
        Advance(1);
        var texts = _keys
            .Select(key =>
            {
                if (_case.HiddenCache && _cache.TryGetValue(key, out var hidden))
                    return hidden.Text;
                if (
                    !fresh
                    && _case.CacheTicks > 0
                    && _cache.TryGetValue(key, out var cached)
                    && Source.Now - cached.Filled <= _case.CacheTicks
                )
                    return cached.Text;
                var text = Read(key, true);
                if (_case.CacheTicks > 0)
                    _cache[key] = (text, Source.Now);
                return text;
            })
            .ToList();
        if (!_case.Atomic)
            Advance(1);
        var ended = Source.Now;
        var answer = Respond(texts);
        return new LegacyAnswer(began, ended, Clock(began), Clock(ended), answer, null);
    }

    /// <summary>
    /// One call for one key: every read at its own moment, the warehouses one by one, and the price twice.
    /// </summary>
    private string? Read(int key, bool mayWrite)
    {
        SimTransaction? own = null;
        if (mayWrite && _case.Writes && Source.Seen.TryGetValue(new('i', key), out var item))
        {
            var change = new SimChange(new('i', key), item with { Value = 50 });
            for (var waited = 0; waited < 300 && (own = Source.Begin([change], 10_000, false)) is null; waited++)
                Advance(1);
        }
        var first = Price(key, own);
        Gap();
        var stocks = Source
            .Seen.Where(pair => pair.Key.Table == 's' && pair.Value.Key == key)
            .Select(pair => pair.Value)
            .ToList();
        var quantity = 0L;
        foreach (var stock in stocks)
        {
            if (Random.Next(2) == 0)
                Gap();
            if (Source.Seen.TryGetValue(new('w', stock.Warehouse), out var warehouse) && warehouse.Value != 0)
                quantity += stock.Value;
        }
        Gap();
        var offer = Source.Seen.Any(pair =>
            pair.Key.Table == 'o' && pair.Value.Key == key && pair.Value.Value > Source.Now + _case.Skew
        );
        Gap();
        var second = Random.Next(2) == 0 ? first : Price(key, own) ?? first;
        if (own is not null)
            own.Left = Random.Next(150); // it answers, and commits later
        return first is { } price
            ? SimAnswer.Text(key, price, second!.Value * quantity, stocks.Count, quantity, offer)
            : null;
    }

    private long? Price(int key, SimTransaction? own) =>
        own is not null ? own.Changes[0].Row!.Value.Value * Source.Scale
        : Source.Seen.TryGetValue(new('i', key), out var item) ? item.Value * Source.Scale
        : null;

    private void Gap()
    {
        if (!_case.Atomic)
            Advance(Random.Next(_case.ReadTicks));
    }

    /// <summary>
    /// A look is sent, reads floor, snapshot and end in sequence, and is received, each at its own tick. One at a time,
    /// over one connection.
    /// </summary>
    private void Look()
    {
        if (_look is { } broken && broken.Generation != Source.Generation)
            _look = null;
        if (_look is null)
        {
            if (_untilLook-- > 0)
                return;
            _look = (Source.Now, Source.Generation, Random.Next(1, _case.LookTicks + 1), null, null, null);
            return;
        }
        var look = _look.Value;
        if (--look.Left <= 0)
        {
            if (look.Floor is null)
                look = look with { Floor = new Lsn(Source.Insert), Left = Random.Next(_case.LookTicks) };
            else if (look.Snapshot is null)
                look = look with { Snapshot = Source.Snapshot(), Left = Random.Next(_case.LookTicks) };
            else if (look.End is null)
                look = look with { End = new Lsn(Source.Insert), Left = Random.Next(1, _case.LookTicks + 1) };
            else
            {
                _history.Add(
                    new TakenLook(
                        look.Sent,
                        Source.Now,
                        look.Generation,
                        new SourceLook(look.Floor.Value, look.Snapshot, look.End.Value),
                        "then"
                    )
                );
                _look = null;
                _untilLook = Random.Next(20);
                return;
            }
        }
        _look = look;
    }
}
