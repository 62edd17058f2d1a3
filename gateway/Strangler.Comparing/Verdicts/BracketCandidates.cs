using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>
/// The results of f for a request's keys within a bracket, as documents from which an answer can be made.
/// </summary>
internal sealed class BracketCandidates
{
    /// <summary>The most documents, or sets of documents, that one unit is compared with.</summary>
    public const int MaxCandidates = 64;

    private readonly IReadOnlyList<string> _request;
    private readonly Dictionary<string, KeyMoments> _keys;

    private BracketCandidates(
        BracketFound.Evaluated found,
        IReadOnlyList<string> request,
        Dictionary<string, KeyMoments> keys
    )
    {
        (Found, _request, _keys) = (found, request, keys);
        var (position, clock) = (keys.Values.First().Moments[0].Position, keys.Values.Min(key => key.Moments[0].Clock));
        First = Candidate(key => key.Moments[0].Made, position, clock);
    }

    public BracketFound.Evaluated Found { get; }

    /// <summary>Every key at its first moment.</summary>
    public Candidate First { get; }

    /// <param name="request">The request's keys in order, including duplicates.</param>
    /// <returns>Null if a key or its moments are missing: the result doesn't match the question.</returns>
    public static BracketCandidates? Of(BracketFound.Evaluated found, IReadOnlyList<string> request)
    {
        var keys = new Dictionary<string, KeyMoments>(found.Keys.Count, StringComparer.Ordinal);
        foreach (var key in found.Keys)
        {
            if (key.Moments.Count == 0)
                return null;
            keys[key.Key] = key;
        }
        return request.All(keys.ContainsKey) ? new BracketCandidates(found, request, keys) : null;
    }

    /// <summary>Whether nothing changed of which the unit is made.</summary>
    public bool Quiet(Unit unit) => Keys(unit).All(Quiet);

    /// <summary>Commits that changed what the unit's keys read.</summary>
    public int Commits(Unit unit) => Keys(unit).Sum(key => key.Commits);

    /// <summary>The last commit that mapped to one of the unit's keys.</summary>
    public Position? Version(Unit unit) => Keys(unit).Max(key => key.Touched);

    /// <summary>
    /// For several keys that are not split: each key and the last commit that mapped to it, if one did.
    /// </summary>
    public IReadOnlyList<(string Key, Position Version)> Together(Unit unit) =>
        unit is Unit.Whole { Single: null }
            ? [.. _keys.Values.Where(key => key.Touched is not null).Select(key => (key.Key, key.Touched!.Value))]
            : [];

    /// <summary>The unit's keys whose stored document differs from what f makes of the mirror.</summary>
    public IEnumerable<KeyMoments> Unlike(Unit unit) => Keys(unit).Where(key => key.Engine is not null);

    /// <summary>
    /// The moments of a unit, the first one first. For a part: those of its key, while the other keys stay at their
    /// first. For several keys together: for each position and clock that one of them has, the last document of each
    /// key at or before it. Null: too many.
    /// </summary>
    public IReadOnlyList<Candidate>? Moments(Unit unit)
    {
        if (unit.Key is { } single)
            return One(_keys[single].Moments.Select(moment => (moment.Made, moment.Position, moment.Clock)), single);
        if (_keys.Count == 1)
            return One(
                _keys.Values.Single().Moments.Select(moment => (moment.Made, moment.Position, moment.Clock)),
                _keys.Keys.Single()
            );
        var all = _keys.Values.SelectMany(key => key.Moments).ToList();
        var positions = all.Select(moment => moment.Position).Distinct().Order().ToList();
        var clocks = all.Select(moment => moment.Clock).Distinct().Order().ToList();
        if (_keys.Values.All(Quiet))
            return [First];
        if ((long)positions.Count * clocks.Count > MaxCandidates)
            return null;
        var joint = new List<Candidate>(positions.Count * clocks.Count);
        foreach (var position in positions)
        {
            foreach (var clock in clocks)
                joint.Add(Candidate(key => At(key, position, clock), position, clock));
        }
        return joint;
    }

    /// <summary>
    /// f over mixes of row versions, one key at a time, while the other keys stay at their first moment.
    /// </summary>
    public IEnumerable<Candidate> Mixes(Unit unit) =>
        Keys(unit).SelectMany(key => key.Mixes.Select(made => With(key.Key, made, Found.From, First.Clock)));

    /// <summary>
    /// The part's key at its first moment and every other key at its last one. If the resulting part differs from that
    /// of <see cref="First"/>, the part depends on other keys. Null: it can't.
    /// </summary>
    public Candidate? OthersLast(Unit unit) =>
        unit is not Unit.Part part || _keys.Values.Where(key => key.Key != part.Of).All(Quiet)
            ? null
            : Candidate(key => (key.Key == part.Of ? key.Moments[0] : key.Moments[^1]).Made, Found.To, First.Clock);

    private static bool Quiet(KeyMoments key) => key.Quiet && key.Moments.Count == 1;

    private static Made At(KeyMoments key, Position position, DateTimeOffset clock)
    {
        var found = key.Moments[0];
        foreach (var moment in key.Moments)
        {
            if (moment.Position > position)
                break;
            // a later position restarts its clocks
            if (moment.Clock <= clock || moment.Position > found.Position)
                found = moment;
        }
        return found.Made;
    }

    private List<KeyMoments> Keys(Unit unit) => unit.Key is { } single ? [_keys[single]] : [.. _keys.Values];

    private List<Candidate> One(
        IEnumerable<(Made Made, Position Position, DateTimeOffset Clock)> moments,
        string single
    )
    {
        var candidates = new List<Candidate>();
        foreach (var (made, position, clock) in moments)
            candidates.Add(candidates.Count == 0 ? First : With(single, made, position, clock));
        return candidates;
    }

    private Candidate With(string single, Made made, Position position, DateTimeOffset clock) =>
        Candidate(key => key.Key == single ? made : key.Moments[0].Made, position, clock);

    private Candidate Candidate(Func<KeyMoments, Made> made, Position position, DateTimeOffset clock)
    {
        var documents = new (string Key, ReadOnlyMemory<byte>? Bytes)[_request.Count];
        string? threw = null;
        string? asks = null;
        for (var i = 0; i < documents.Length; i++)
        {
            var of = made(_keys[_request[i]]);
            documents[i] = (
                _request[i],
                of is Made.Document document ? document.Bytes : default(ReadOnlyMemory<byte>?)
            ); // null alone would become an empty document
            if (of is Made.Threw { Error: var error })
                threw ??= error;
            if (of is Made.AskLegacy { Reason: var reason })
                asks ??= reason;
        }
        return new Candidate(documents, threw, position, clock) { LegacyReason = asks };
    }
}
