using Npgsql;
using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// Answers questions about brackets, concurrently with the applier. 1. It waits until the applier has passed L1, the
/// catalogue has been found in order at a look that began after L1, and everything that the log held at that look has
/// been applied. 2. It looks up L0 in the log: the first commit that the snapshot before the call doesn't see. 3. At
/// one instant of the store, which all concurrent questions share, it reads whether the question may be answered, and
/// what is stored for the keys. A key that nothing has touched since L0 is quiet, and its document is the answer. 4. If
/// there are other keys, all of this is read again together with their versions. Their rows are gathered at all of
/// their moments, and f is run at each.
/// </summary>
internal sealed class MomentEvaluator : IMoments, IDisposable
{
    private const int MaxVersions = 20_000;

    private readonly NpgsqlDataSource _store;
    private readonly CurrentApplier _source;
    private readonly AppliedSignal _applied;
    private readonly BracketWait _wait;
    private readonly MomentWorkers _workers;
    private readonly DocumentExplainer _explaining;
    private readonly BracketStarts _starts;
    private readonly StoreSnapshotReader _looks;
    private readonly QuestionLimiter _limiter = new();

    /// <param name="name">The source's name.</param>
    /// <param name="keyLimit">How long f may take for one key.</param>
    public MomentEvaluator(
        NpgsqlDataSource store,
        IChangeLog log,
        ITransactionIndex transactions,
        string name,
        CurrentApplier source,
        AppliedSignal applied,
        TimeSpan keyLimit
    )
    {
        (_store, _source, _applied) = (store, source, applied);
        (_wait, _workers) = (
            new BracketWait(applied, new LogExtentReader(log, name)),
            new MomentWorkers(keyLimit, TimeProvider.System)
        );
        (_starts, _looks) = (new BracketStarts(transactions), new StoreSnapshotReader(store));
        _explaining = new DocumentExplainer(store, log, _workers);
    }

    /// <exception cref="ArgumentException">The question is malformed.</exception>
    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        _limiter.AdmitAsync(
            async token =>
            {
                var asked = ParsedBracketQuestion.Of(question);
                if (_source.Served is not { } served)
                    return NotServed("The projections are being opened.");
                if (
                    served.Projections.FirstOrDefault(one => one.Model.Id.Name == question.Projection.Name)
                    is not { } projection
                )
                    return NotServed($"The projection '{question.Projection.Name}' doesn't exist.");
                if (projection.Model.Id.Version != question.Projection.Version)
                    return NotServed(
                        $"The projection '{question.Projection.Name}' is loaded in version "
                            + $"{projection.Model.Id.Version}."
                    );

                // 1.
                var epoch = _applied.Through.Epoch;
                if (await _wait.WaitAsync(asked, epoch, question.Wait, token) is { } late)
                    return late;
                return await _limiter.WorkAsync(
                    working => FoundAsync(question, asked, epoch, served, projection, working),
                    token
                );
            },
            cancellationToken
        );

    /// <exception cref="ArgumentException">The question is malformed.</exception>
    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        _limiter.AdmitAsync(
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
                return await _limiter.WorkAsync(
                    working => _explaining.ExplainAsync(question, served, projection, working),
                    token
                );
            },
            cancellationToken
        );

    private async Task<BracketFound> FoundAsync(
        BracketQuestion question,
        ParsedBracketQuestion asked,
        int epoch,
        ServedProjections served,
        BoundProjection projection,
        CancellationToken cancellationToken
    )
    {
        // 2.
        var start = await _starts.OfAsync(served.Source, epoch, question.Before, asked, cancellationToken);
        if (start is LogRead<Lsn>.Dropped(var dropped))
            return new BracketFound.Undetermined(UndeterminedReason.BeforeHistory, dropped.ToString());
        var from = start.OrThrow();
        var bracket = new Bracket(epoch, from, asked.To);

        // 3.
        var look = await _looks.TakeAsync(served.Source, projection, question.Keys, cancellationToken);
        if (Refusal(look) is { } refused)
            return refused;
        BracketRows? rows = null;
        if (Walked().Count > 0)
        {
            await using var session = await StoreSession.BeginAsync(_store, repeatable: true, cancellationToken);
            look = await StoreSnapshot.ReadAsync(session, served.Source, projection, question.Keys, cancellationToken);
            if (Refusal(look) is { } now)
                return now;
            if (
                Walked() is { Count: > 0 } keys
                && (
                    rows = await BracketWalk.WalkAsync(
                        projection,
                        keys,
                        new BracketReader(session, bracket),
                        MaxVersions,
                        cancellationToken
                    )
                )
                    is null
            )
                return TooMany($"The keys reach more than {MaxVersions} versions of rows in the bracket.");
        }
        var (stored, walked) = (question.Keys.Select(key => look.Stored[key]).ToList(), Walked());

        // 4.
        var timelines = new Dictionary<string, KeyHistory>(StringComparer.Ordinal);
        if (rows is not null)
        {
            // If a part of history is dropped between the instant that was read and reading that part, it would be
            // missing unnoticed.
            if (
                await ProjectionStatus.KeptAsync(_store, served.Source, cancellationToken) is { } kept
                && bracket.Before < kept
            )
                return new BracketFound.Undetermined(
                    UndeterminedReason.BeforeHistory,
                    $"The bracket begins at {bracket.Start}; history is kept from {kept} on."
                );
            foreach (var key in walked)
            {
                if (await KeyHistory.OfAsync(projection, key, rows, bracket) is not { } timeline)
                    return TooMany($"The key '{key}' has more than {KeyHistory.MaxStates} moments in the bracket.");
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
            if (own.Contains(null) || own.Sum(state => state!.Count) > KeyHistory.MaxStates)
                return TooMany($"The key '{key.Key}' has more than {KeyHistory.MaxStates} moments in the bracket.");
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
        return new BracketFound.Evaluated(bracket.Start, bracket.End, _applied.PassedAt(bracket.Through), moments);

        List<string> Walked() =>
            [.. question.Keys.Where(key => question.Diagnose || !IsQuietAsStored(look.Stored[key]))];

        BracketFound.Undetermined? Refusal(StoreSnapshot seen) =>
            ProjectionStatus.NotServed(seen.Status, question.Projection, projection.Build, served.Fence) is { } problem
                ? NotServed(problem)
                : seen.Status!.Refusal(bracket, question.ClockFrom);

        bool IsQuietAsStored(StoredMoment key) =>
            key.HoldsThrough(bracket) && key.Covers(question.ClockFrom, question.ClockTo);
    }

    private static KeyMoments Found(
        BracketQuestion question,
        Bracket bracket,
        StoredMoment key,
        KeyHistory timeline,
        IReadOnlyList<IReadOnlyList<ClockRun>> runs
    )
    {
        var touched = key.Touched < bracket.End ? key.Touched : timeline.Last;
        // If the store says that a key wasn't touched, its stored document is compared, whatever f gives: an f that
        // disagrees is a fault of the engine. If f itself says that nothing changes between the clocks, a document made
        // for one of them is valid for all.
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
            .States.Zip(runs, (state, own) => own.Select(run => new KeyMoment(state.At, run.Clock, run.Made)))
            .SelectMany(own => own)
            .ToList();
        return new KeyMoments(key.Key, false, touched, moments, [], null, timeline.States.Count - 1);
    }

    /// <summary>f's results for mixes, each answer once, without those that equal a moment's.</summary>
    private async Task<IReadOnlyList<Made>> MixesAsync(
        BoundProjection projection,
        BracketRows rows,
        KeyHistory timeline,
        KeyMoments found,
        BracketQuestion question,
        CancellationToken cancellationToken
    )
    {
        if (found.Moments.Any(moment => moment.Made is Made.Threw))
            return []; // an f that threw or hung says nothing about this key
        var mixed = await MixGenerator.OfAsync(projection, rows, timeline);
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
            // f may throw for rows that never existed together.
            if (
                made is Made.Threw or Made.AskLegacy
                || found.Moments.Any(moment => ClockRuns.AreSame(moment.Made, made))
                || mixes.Exists(mix => ClockRuns.AreSame(mix, made))
            )
                continue;
            if (mixes.Count < MixGenerator.MaxMixes)
                mixes.Add(made);
        }
        return mixes;
    }

    /// <param name="engine">f's result for the mirror; null if not requested.</param>
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
            touched,
            [new KeyMoment(bracket.Before, clock, made)],
            [],
            engine is null || ClockRuns.AreSame(engine, made) ? null : engine,
            0
        );

    private static BracketFound.Undetermined NotServed(string detail) => new(UndeterminedReason.NotServed, detail);

    private static BracketFound.Undetermined TooMany(string detail) => new(UndeterminedReason.TooManyMoments, detail);

    public void Dispose()
    {
        _workers.Dispose();
        _limiter.Dispose();
    }
}
