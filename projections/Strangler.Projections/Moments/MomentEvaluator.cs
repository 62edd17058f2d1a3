using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// Answers questions of brackets beside the applier. 1. It waits until the applier has passed L1, and the catalogue has
/// been found in order at a look that began after L1, and what the log held at that look has been applied. 2. L0 is
/// looked up in the log: the first commit that the snapshot before the call does not see. 3. At one instant of the
/// store, which all share who ask meanwhile: whether anything may be said, and what is stored for the keys. A key that
/// nothing has touched since L0 is quiet, and its document is the answer. 4. If there are others, all of that is read
/// again together with their versions. They are gathered at all of their moments, and f is run at each. Bounded: at
/// most <see cref="MostQuestions"/> questions at once, of which <see cref="MostAtOnce"/> are beyond waiting; more are
/// refused.
/// </summary>
internal sealed class MomentEvaluator : IMoments, IDisposable
{
    private const int MostQuestions = 512;
    private const int MostAtOnce = 8;
    private const int MostVersions = 20_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _store;
    private readonly MomentsSource _source;
    private readonly AppliedSignal _applied;
    private readonly CatalogueSight _catalogue;
    private readonly MomentWorkers _workers;
    private readonly Explaining _explaining;
    private readonly BracketStarts _starts;
    private readonly StoreLooks _looks;
    private readonly SemaphoreSlim _atOnce = new(MostAtOnce);
    private Func<StoreSession, Bracket, IVersionReader> _reader = static (session, bracket) =>
        new BracketReader(session, bracket);
    private int _questions;

    /// <param name="name">The source's name.</param>
    /// <param name="keyLimit">How long f may take for one key.</param>
    public MomentEvaluator(
        NpgsqlDataSource store,
        IChangeLog log,
        string name,
        MomentsSource source,
        AppliedSignal applied,
        TimeSpan keyLimit
    )
    {
        (_store, _source, _applied) = (store, source, applied);
        (_catalogue, _workers) = (new CatalogueSight(log, name), new MomentWorkers(keyLimit, TimeProvider.System));
        (_starts, _looks) = (new BracketStarts(log), new StoreLooks(store));
        _explaining = new Explaining(store, log, _workers);
    }

    /// <summary>With another reader, for a test that shows that it would notice.</summary>
    internal MomentEvaluator With(Func<StoreSession, Bracket, IVersionReader> reader)
    {
        _reader = reader;
        return this;
    }

    /// <exception cref="ArgumentException">The question is malformed.</exception>
    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        AdmittedAsync(
            async token =>
            {
                var asked = Asked.Of(question);
                if (_source.Served is not { } served)
                    return NotServed("The projections are being opened.");
                if (
                    served.Projections.FirstOrDefault(one => one.Model.Id.Name == question.Projection.Name)
                    is not { } projection
                )
                    return NotServed($"There is no projection '{question.Projection.Name}'.");
                if (projection.Model.Id.Version != question.Projection.Version)
                    return NotServed(
                        $"The projection '{question.Projection.Name}' is loaded in version "
                            + $"{projection.Model.Id.Version}."
                    );

                // 1.
                var epoch = _applied.Through.Epoch;
                if (await WaitAsync(asked, epoch, question.Wait, token) is { } late)
                    return late;
                return await OneOfFewAsync(
                    working => FoundAsync(question, asked, epoch, served, projection, working),
                    token
                );
            },
            cancellationToken
        );

    /// <exception cref="ArgumentException">The question is malformed.</exception>
    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        AdmittedAsync(
            async token =>
            {
                if (question.Key is null)
                    throw new ArgumentException("The question names no key.");
                if (_source.Served is not { } served)
                    return new Explained.Refused("The projections are being opened.", "Try again.");
                if (served.Projections.FirstOrDefault(one => one.Model.Id == question.Projection) is not { } projection)
                    return new Explained.Refused(
                        $"The projection '{question.Projection.Name}' is not loaded in version "
                            + $"{question.Projection.Version}.",
                        "Ask for the version that is served."
                    );
                return await OneOfFewAsync(
                    working => _explaining.ExplainAsync(question, served, projection, working),
                    token
                );
            },
            cancellationToken
        );

    private async Task<BracketFound.Undetermined?> WaitAsync(
        Asked asked,
        int epoch,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(
            wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestWait ? LongestWait
            : wait
        );
        var hasPassed = false;
        try
        {
            if (!await PassAsync(Position.EndOf(epoch, asked.To.JustBefore), epoch, limit.Token))
                return EpochChanged();
            hasPassed = true;
            var extent = _catalogue.Latest;
            // At L1 itself would not do: nothing may have been written since, and a transaction that alters a table may
            // have been about to be seen.
            while (!(extent is { End.Epoch: var now, CatalogueSeen: { } seen } && now == epoch && seen > asked.To))
            {
                if (extent?.End?.Epoch > epoch)
                    return EpochChanged();
                extent = await _catalogue.NextAsync(limit.Token);
            }
            return await PassAsync(extent.End!.Value, epoch, limit.Token) ? null : EpochChanged();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return hasPassed
                ? new(
                    UndeterminedReason.CatalogueMoved,
                    "The source's catalogue has last been found in order at "
                        + $"{_catalogue.Latest?.CatalogueSeen?.ToString() ?? "no time"}; the bracket ends at "
                        + $"{asked.To}."
                )
                : new(
                    UndeterminedReason.WatermarkLate,
                    $"The projections have applied the source through {_applied.Through}; the bracket ends at "
                        + $"{asked.To}."
                );
        }

        BracketFound.Undetermined EpochChanged() =>
            new(
                UndeterminedReason.EpochChanged,
                $"The source's epoch was {epoch} when the question came, and changed while it waited."
            );
    }

    /// <returns>False: the epoch changed.</returns>
    private async Task<bool> PassAsync(Position position, int epoch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var moved = _applied.Moved();
            var through = _applied.Through;
            if (through.Epoch != epoch)
                return false;
            if (through >= position)
                return true;
            await moved.WaitAsync(cancellationToken);
        }
    }

    private async Task<BracketFound> FoundAsync(
        BracketQuestion question,
        Asked asked,
        int epoch,
        Served served,
        BoundProjection projection,
        CancellationToken cancellationToken
    )
    {
        // 2.
        Lsn from;
        try
        {
            from = await _starts.OfAsync(served.Source, epoch, question.Before, asked, cancellationToken);
        }
        catch (FaultException dropped)
        {
            return new BracketFound.Undetermined(UndeterminedReason.BeforeHistory, dropped.Message);
        }
        var bracket = new Bracket(epoch, from, asked.To);

        // 3.
        var look = await _looks.TakeAsync(served.Source, projection, question.Keys, cancellationToken);
        if (Refusal(look) is { } refused)
            return refused;
        BracketRows? rows = null;
        if (Walked().Count > 0)
        {
            await using var session = await StoreSession.BeginAsync(_store, repeatable: true, cancellationToken);
            look = await StoreLook.ReadAsync(session, served.Source, projection, question.Keys, cancellationToken);
            if (Refusal(look) is { } now)
                return now;
            if (
                Walked() is { Count: > 0 } keys
                && (
                    rows = await BracketWalk.WalkAsync(
                        projection,
                        keys,
                        _reader(session, bracket),
                        MostVersions,
                        cancellationToken
                    )
                )
                    is null
            )
                return TooMany($"The keys reach more than {MostVersions} versions of rows in the bracket.");
        }
        var (stored, walked) = (question.Keys.Select(key => look.Stored[key]).ToList(), Walked());

        // 4.
        var timelines = new Dictionary<string, Timeline>(StringComparer.Ordinal);
        if (rows is not null)
        {
            // A part of history that was dropped between the instant that was read and the reading of it would be
            // missing unseen.
            if (await Standing.KeptAsync(_store, served.Source, cancellationToken) is { } kept && bracket.Before < kept)
                return new BracketFound.Undetermined(
                    UndeterminedReason.BeforeHistory,
                    $"The bracket begins at {bracket.Start}; history is kept from {kept} on."
                );
            foreach (var key in walked)
            {
                if (await Timeline.OfAsync(projection, key, rows, bracket) is not { } timeline)
                    return TooMany($"The key '{key}' has more than {Timeline.MostStates} moments in the bracket.");
                timelines.Add(key, timeline);
            }
        }
        var known = stored
            .Where(key => key.Overrun)
            .ToDictionary(key => key.Key, key => ClockRuns.Threw(key.Error!), StringComparer.Ordinal);
        var states = walked.SelectMany(key => timelines[key].States.Select(state => state.Rows)).ToList();
        var runs = await _workers.RunAsync(
            projection,
            states,
            question.ClockFrom,
            question.ClockTo,
            known,
            cancellationToken
        );
        var moments = new List<KeyMoments>();
        var next = 0;
        foreach (var key in stored)
        {
            if (!timelines.TryGetValue(key.Key, out var timeline))
            {
                moments.Add(Quiet(key, bracket, question.ClockFrom, key.Made, null, key.Touched));
                continue;
            }
            var own = runs.Skip(next).Take(timeline.States.Count).ToList();
            next += timeline.States.Count;
            if (own.Contains(null) || own.Sum(state => state!.Count) > Timeline.MostStates)
                return TooMany($"The key '{key.Key}' has more than {Timeline.MostStates} moments in the bracket.");
            var found = Found(question, bracket, key, timeline, own!);
            moments.Add(
                question.Mixes && !found.Quiet
                    ? found with
                    {
                        Mixes = await MixesAsync(projection, rows!, timeline, found, question, cancellationToken),
                    }
                    : found
            );
        }
        return new BracketFound.Evaluated(
            bracket.Start.ToString(),
            bracket.End.ToString(),
            _applied.PassedAt(bracket.Through),
            moments
        );

        List<string> Walked() =>
            [.. question.Keys.Where(key => question.Diagnose || !IsQuietAsStored(look.Stored[key]))];

        BracketFound.Undetermined? Refusal(StoreLook seen) =>
            Standing.NotServed(seen.Standing, question.Projection, projection.Build, served.Fence) is { } problem
                ? NotServed(problem)
                : seen.Standing!.Refusal(bracket, question.ClockFrom);

        bool IsQuietAsStored(StoredMoment key) =>
            key.HoldsThrough(bracket) && key.Covers(question.ClockFrom, question.ClockTo);
    }

    private static KeyMoments Found(
        BracketQuestion question,
        Bracket bracket,
        StoredMoment key,
        Timeline timeline,
        IReadOnlyList<IReadOnlyList<ClockRun>> runs
    )
    {
        var touched = key.Touched < bracket.End ? key.Touched : timeline.Last;
        // What the store says was not touched is compared as it stands there, whatever was found: an f that disagrees
        // is a fault of the engine. Where f itself says that nothing changed between the clocks, a document made for
        // one of them is made for all.
        if (
            key.HoldsThrough(bracket)
            && (
                key.Covers(question.ClockFrom, question.ClockTo)
                || (runs is [[_]] && key.Covers(question.ClockTo, question.ClockTo))
            )
        )
            return Quiet(
                key,
                bracket,
                question.ClockFrom,
                key.Made,
                question.Diagnose ? runs[^1][0].Made : null,
                touched
            );
        if (runs is [[var only]])
            return Quiet(key, bracket, question.ClockFrom, only.Made, null, touched);
        var moments = timeline
            .States.Zip(
                runs,
                (state, own) => own.Select(run => new KeyMoment(state.At.ToString(), run.Clock, run.Made))
            )
            .SelectMany(own => own)
            .ToList();
        return new KeyMoments(key.Key, false, touched?.ToString(), moments, [], null, timeline.States.Count - 1);
    }

    /// <summary>What f makes of mixes, each answer once, and none that is a moment's.</summary>
    private async Task<IReadOnlyList<Made>> MixesAsync(
        BoundProjection projection,
        BracketRows rows,
        Timeline timeline,
        KeyMoments found,
        BracketQuestion question,
        CancellationToken cancellationToken
    )
    {
        if (found.Moments.Any(moment => moment.Made is Made.Threw))
            return []; // an f that threw, or hung, says nothing of this key
        var mixed = await Mixing.OfAsync(projection, rows, timeline);
        var runs = await _workers.RunAsync(
            projection,
            mixed,
            question.ClockFrom,
            question.ClockTo,
            new Dictionary<string, Made>(),
            cancellationToken
        );
        var mixes = new List<Made>();
        foreach (var made in runs.SelectMany(own => own ?? []).Select(run => run.Made))
        {
            // f may well throw for rows that never stood together.
            if (
                made is Made.Threw
                || found.Moments.Any(moment => ClockRuns.AreSame(moment.Made, made))
                || mixes.Exists(mix => ClockRuns.AreSame(mix, made))
            )
                continue;
            if (mixes.Count < Mixing.MostMixes)
                mixes.Add(made);
        }
        return mixes;
    }

    /// <param name="engine">What f makes of the mirror; null: not asked for.</param>
    private static KeyMoments Quiet(
        StoredMoment key,
        Bracket bracket,
        DateTimeOffset clock,
        Made made,
        Made? engine,
        Position? touched
    ) =>
        new(
            key.Key,
            true,
            touched?.ToString(),
            [new KeyMoment(bracket.Before.ToString(), clock, made)],
            [],
            engine is null || ClockRuns.AreSame(engine, made) ? null : engine,
            0
        );

    private async ValueTask<T> AdmittedAsync<T>(
        Func<CancellationToken, Task<T>> answer,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Increment(ref _questions) > MostQuestions)
        {
            Interlocked.Decrement(ref _questions);
            throw new MomentsUnavailableException($"{MostQuestions} questions are being answered already.");
        }
        try
        {
            return await answer(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new MomentsUnavailableException($"The store does not answer: {exception.Message}", exception);
        }
        finally
        {
            Interlocked.Decrement(ref _questions);
        }
    }

    private async Task<T> OneOfFewAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestWork);
        try
        {
            await _atOnce.WaitAsync(limit.Token);
            try
            {
                return await work(limit.Token);
            }
            finally
            {
                _atOnce.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MomentsUnavailableException(
                $"The question was not answered within {LongestWork.TotalSeconds:0} s."
            );
        }
    }

    private static BracketFound.Undetermined NotServed(string detail) => new(UndeterminedReason.NotServed, detail);

    private static BracketFound.Undetermined TooMany(string detail) => new(UndeterminedReason.TooManyMoments, detail);

    public void Dispose()
    {
        _workers.Dispose();
        _atOnce.Dispose();
    }
}
