using System.Globalization;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Gateway.Tests.Shadowing.Simulation;

/// <summary>Moments as they are defined, read from the log of a simulated source with a small delay.</summary>
internal sealed class SimProjections(SimWorld world, SimFault fault) : IMoments
{
    private const int MostMoments = 64;

    /// <summary>
    /// Takes L0 from the look's end, which ignores that a logged commit may not be visible yet. For the simulation's
    /// own test.
    /// </summary>
    public bool ForgetsSnapshot { get; init; }

    /// <summary>What is wrong with stored documents although f is right, which is the engine's fault.</summary>
    public SimFault StoreFault { get; init; }

    public int Questions { get; private set; }

    /// <summary>Whether a question found more moments than are evaluated.</summary>
    public bool TooMany { get; private set; }

    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        Questions++;
        var source = world.Source;
        var to = question.After.Value;
        for (var waited = 0; source.Flushed < to; waited++)
        {
            if (waited > 5_000)
                return new(new BracketFound.Undetermined(UndeterminedReason.WatermarkLate, ""));
            if (waited % 200 == 199)
                source.Beat();
            world.Advance(1);
        }
        world.Advance(world.Random.Next(20));
        var log = source.Decoded;
        var from = ForgetsSnapshot
            ? question.Before.End.Value
            : log.Where(commit => !Sees(question.Before, commit))
                .Select(commit => commit.Lsn)
                .DefaultIfEmpty(ulong.MaxValue)
                .Min();
        if (source.Altered is { } altered && to > altered.At && !(altered.ReadAgain <= question.Before.Floor.Value))
            return new(new BracketFound.Undetermined(UndeterminedReason.CatalogueMoved, ""));
        var scale = source.Altered is { } since && to > since.At ? source.Scale : 1;
        var keys = question.Keys.Select(key => Of(key, log, from, to, scale, question)).ToList();
        TooMany |= keys.Any(key => key is null);
        return new(
            keys.Any(key => key is null)
                ? new BracketFound.Undetermined(UndeterminedReason.TooManyMoments, "")
                : new BracketFound.Evaluated(
                    At(from == ulong.MaxValue ? to : from, false),
                    At(to, false),
                    SimWorld.Clock(source.Now),
                    [.. keys.OfType<KeyMoments>()]
                )
        );
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private KeyMoments? Of(
        string key,
        IReadOnlyList<SimCommit> log,
        ulong from,
        ulong to,
        long scale,
        BracketQuestion question
    )
    {
        var id = int.Parse(key, CultureInfo.InvariantCulture);
        var state = new Dictionary<SimId, SimRow>();
        foreach (var commit in log.Where(commit => commit.Lsn < from))
            Apply(state, commit);
        var states = new List<(Position Position, Dictionary<SimId, SimRow> State)>
        {
            (At(Math.Min(from, to), false), new(state)),
        };
        var changed = new HashSet<SimId>();
        foreach (var commit in log.Where(commit => commit.Lsn >= from && commit.Lsn < to))
        {
            var before = new Dictionary<SimId, SimRow>(state);
            Apply(state, commit);
            var touched = commit
                .Changes.Where(change =>
                    SimAnswer.Reads(before, id, change.Id) || SimAnswer.Reads(state, id, change.Id)
                )
                .Select(change => change.Id)
                .ToList();
            if (touched.Count == 0)
                continue;
            changed.UnionWith(commit.Changes.Select(change => change.Id));
            states.Add((At(commit.Lsn, true), new(state)));
        }
        var moments = new List<KeyMoment>();
        foreach (var (position, at) in states)
        {
            var dues = at.Where(pair => pair.Key.Table == 'o' && pair.Value.Key == id)
                .Select(pair => SimWorld.Clock(pair.Value.Value))
                .Where(due => due > question.ClockFrom && due <= question.ClockTo)
                .Distinct()
                .Order();
            foreach (var clock in dues.Prepend(question.ClockFrom))
                moments.Add(new KeyMoment(position, clock, Make(at, id, clock, scale)));
        }
        if (moments.Count > MostMoments)
            return null;
        var mixes =
            question.Mixes && moments.Count > 1
                ? Mixes(states.Select(pair => pair.State).ToList(), changed, id, question.ClockFrom, scale)
                : [];
        Made? engine = null;
        if (moments.Count == 1 && StoreFault != SimFault.None)
        {
            // what is quiet is compared with the stored document
            var made = moments[0].Made;
            moments[0] = moments[0] with { Made = Make(states[0].State, id, question.ClockFrom, scale, StoreFault) };
            if (question.Diagnose && Said(moments[0].Made) != Said(made))
                engine = made;
        }
        return new KeyMoments(
            key,
            moments.Count == 1,
            At(log.Where(commit => commit.Lsn < to).Select(commit => commit.Lsn).DefaultIfEmpty().Max(), true),
            moments,
            mixes,
            engine,
            states.Count - 1
        );
    }

    private List<Made> Mixes(
        List<Dictionary<SimId, SimRow>> states,
        HashSet<SimId> changed,
        int id,
        DateTimeOffset clock,
        long scale
    )
    {
        var mixes = new List<Dictionary<SimId, SimRow>> { states[0] };
        foreach (var row in changed)
        {
            foreach (var mix in mixes.ToList())
            {
                foreach (
                    var other in states
                        .Skip(1)
                        .Select(state => state.TryGetValue(row, out var value) ? value : (SimRow?)null)
                        .Distinct()
                )
                {
                    if (mixes.Count == MostMoments)
                        break;
                    var mixed = new Dictionary<SimId, SimRow>(mix);
                    SimSource.Apply(mixed, new SimChange(row, other));
                    mixes.Add(mixed);
                }
            }
        }
        return [.. mixes.Select(mix => Make(mix, id, clock, scale))];
    }

    private static string? Said(Made made) =>
        made is Made.Document document ? Encoding.UTF8.GetString(document.Bytes.Span) : null;

    private Made Make(Dictionary<SimId, SimRow> state, int id, DateTimeOffset clock, long scale) =>
        Make(state, id, clock, scale, fault);

    private static Made Make(
        Dictionary<SimId, SimRow> state,
        int id,
        DateTimeOffset clock,
        long scale,
        SimFault fault
    ) =>
        SimAnswer.Of(state, id, SimWorld.Tick(clock), scale, fault) is { } text
            ? new Made.Document(Encoding.UTF8.GetBytes(text))
            : Made.Absent.Value;

    private static void Apply(Dictionary<SimId, SimRow> state, SimCommit commit)
    {
        foreach (var change in commit.Changes)
            SimSource.Apply(state, change);
    }

    private static bool Sees(SourceLook look, SimCommit commit)
    {
        var parts = look.Snapshot.Split(':');
        return commit.Xid < long.Parse(parts[1], CultureInfo.InvariantCulture)
            && !parts[2].Split(',').Contains(commit.Xid.ToString(CultureInfo.InvariantCulture));
    }

    private static Position At(ulong lsn, bool end) => end ? Position.EndOf(1, new Lsn(lsn)) : new(1, new Lsn(lsn), 0);
}
