using Xunit;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>Causes one fault after the other, sometimes two at once, in a system under constant requests.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly SoakSystem _system;
    private readonly Random _random;
    private readonly AnswerCheck _check;
    private readonly Prober _prober;
    private long _wrongVerdicts;

    public SoakRun(SoakSystem system, int seed)
    {
        (_system, _random) = (system, new(seed));
        _check = new(system.Timeline, SoakConfiguration.MaxStaleness);
        _prober = new(system.Gateway, system.Shop, system.Timeline, seed, Judge, TimeProvider.System);
    }

    public SoakRecord Record { get; } = new(TestContext.Current.SendDiagnosticMessage);

    /// <summary>How many comparisons of the route in shadow matched.</summary>
    public long MatchCount { get; private set; }

    /// <summary>Causes every fault once, in random order, and then random ones until the time is over.</summary>
    public async Task RunAsync(IReadOnlyList<SoakFault> faults, TimeSpan duration, CancellationToken cancellationToken)
    {
        await ConvergeAsync("start", TimeSpan.FromSeconds(120), _system.Up.Said, cancellationToken);
        var first = new Queue<SoakFault>(faults.OrderBy(_ => _random.Next()));
        var until = _system.Shop.Now + duration;
        while (first.Count > 0 || _system.Shop.Now < until)
        {
            if (!first.TryDequeue(out var next))
                next = faults[_random.Next(faults.Count)];
            var others = faults.Where(other => (other.Subjects & next.Subjects) == 0).ToList();
            var two = first.Count == 0 && others.Count > 0 && _random.Next(3) == 0;
            await DoAsync(two ? [next, others[_random.Next(others.Count)]] : [next], cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _prober.DisposeAsync();

    private async Task DoAsync(IReadOnlyList<SoakFault> faults, CancellationToken cancellationToken)
    {
        var name = string.Join(" + ", faults.Select(fault => fault.Name));
        var said = _system.Up.Said;
        Record.Begin(name);
        await Task.WhenAll(faults.Select(fault => RunAsync(fault, new(_random.Next()), cancellationToken)));
        var took = await ConvergeAsync(name, faults.Max(fault => fault.Limit), said, cancellationToken);
        foreach (var fault in faults)
            Record.End(fault.Name, took);
        await LookAtVerdictsAsync(cancellationToken);
        TestContext.Current.SendDiagnosticMessage(
            "{0:0} s: {1}, looked up again after {2:0.0} s; {3} not right",
            _system.Shop.Now.TotalSeconds,
            name,
            took.TotalSeconds,
            Record.WrongCount
        );
    }

    private async Task RunAsync(SoakFault fault, Random random, CancellationToken cancellationToken)
    {
        try
        {
            await fault.RunAsync(_system, random, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Record.AddWrong(_system.Shop.Now, "could not be done", $"'{fault.Name}' could not be done: {exception}");
        }
    }

    /// <summary>Evidence is lost with a store that is restored to an older copy, so it is read continuously.</summary>
    private async Task LookAtVerdictsAsync(CancellationToken cancellationToken)
    {
        if (await _system.VerdictsAsync(cancellationToken) is not { } verdicts)
            return;
        MatchCount = Math.Max(MatchCount, verdicts.Match);
        if (verdicts.Wrong > _wrongVerdicts)
            Record.AddWrong(_system.Shop.Now, "called wrong", $"a right answer was called wrong: {verdicts.Example}");
        _wrongVerdicts = verdicts.Wrong;
    }

    /// <summary>Waits until every key is answered by a lookup that can't have been from before now.</summary>
    private async Task<TimeSpan> ConvergeAsync(
        string name,
        TimeSpan limit,
        int said,
        CancellationToken cancellationToken
    )
    {
        var began = _system.Shop.Now;
        var left = new HashSet<string>(ShopTables.Keys);
        ProbeAnswer? last = null;
        var (repaired, rescued) = (false, false);
        while (left.Count > 0)
        {
            if (_system.Up.HasExited)
                await StartUpAgainAsync(said, cancellationToken);
            if (!repaired && SaysResnapshot(said))
            {
                repaired = true;
                await _system.ResnapshotAsync(cancellationToken);
            }
            if (!rescued && _system.Shop.Now - began > limit)
            {
                rescued = true;
                AddUnconverged($"{left.Count} keys were not looked up within {limit.TotalSeconds} s", last, said);
                await _system.RescueAsync(cancellationToken);
            }
            if (_system.Shop.Now - began > limit + limit)
                Assert.Fail($"{name}: nothing helps. {Describe(last, said)}");
            await Task.Delay(Between, TimeProvider.System, cancellationToken);
            if (_system.Shop.Now - began < SoakConfiguration.MaxStaleness)
                continue;
            foreach (var key in left.ToList())
            {
                last = await _prober.AskAsync(new(ProbeForm.Key, key, $"/products/{key}"));
                if (last.By == Answerer.Lookup)
                    left.Remove(key);
                else
                    break;
            }
        }
        return _system.Shop.Now - began;
    }

    private void AddUnconverged(string what, ProbeAnswer? last, int said) =>
        Record.AddWrong(_system.Shop.Now, "not looked up again", $"{what}; {Describe(last, said)}");

    private string Describe(ProbeAnswer? last, int said) =>
        $"the last answer: {last?.Asked.Key} {last?.Kind} {last?.Header}\n{_system.Up.LastLines(said)}";

    private bool SaysResnapshot(int said) =>
        _system.Up.Lines(said).Any(line => line.Contains("--resnapshot", StringComparison.Ordinal));

    private async Task StartUpAgainAsync(int said, CancellationToken cancellationToken)
    {
        Record.AddWrong(_system.Shop.Now, "'strangler up' ended", Describe(null, said));
        _system.FrontDoor.Close(_system.Shop.Now);
        _system.Up.Start();
        await _system.OpenedAsync(cancellationToken);
    }

    private void Judge(ProbeAnswer answer)
    {
        if (answer.By is Answerer.Nobody or Answerer.Gateway && _system.FrontDoor.WasClosed(answer.Sent, answer.Read))
        {
            Record.Count("while the gateway was killed");
            return;
        }
        switch (_check.Judge(answer))
        {
            case AnswerJudgement.Right:
                Record.Count(answer.Kind);
                break;
            case AnswerJudgement.Unnoticed:
                Record.Count($"{answer.Kind}, before a change without row events was noticed");
                break;
            case AnswerJudgement.Wrong(var why):
                Record.Count($"{answer.Kind}, not right");
                Record.AddWrong(
                    answer.Sent,
                    $"{answer.Asked.Form}, {answer.By}",
                    $"{answer.Asked.Form} {answer.Asked.Target} ({answer.Header}): {why}"
                );
                break;
        }
    }
}
