using System.Runtime.CompilerServices;
using System.Text;
using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>
/// All paths of a route's rules as one automaton, so that a walk through JSON does one look-up per step, whatever the
/// number of rules. States are created when a walk first needs them. Evaluating each rule's path by itself would cost a
/// walk per rule, for every pair of answers.
/// </summary>
internal sealed class RuleAutomaton
{
    /// <summary>
    /// The number of states that are kept; further ones are created each time, which is slow but correct.
    /// </summary>
    private const int MaxStates = 10_000;
    private const int Stride = 1024;
    private static readonly ConditionalWeakTable<ComparisonRules, RuleAutomaton> Known = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RuleState> _states = new(StringComparer.Ordinal);
    private readonly List<(PathPattern Path, string Rule, object Meaning)> _rules = [];

    private RuleAutomaton(ComparisonRules rules)
    {
        AddAll(rules.Ignore, nameof(rules.Ignore));
        AddAll(rules.AnyOrder, nameof(rules.AnyOrder));
        AddAll(rules.NullIsMissing, nameof(rules.NullIsMissing));
        AddAll(rules.IgnoreCase, nameof(rules.IgnoreCase));
        AddAll(rules.Maps, nameof(rules.Maps));
        AddAll(rules.Mask, nameof(rules.Mask));
        AddAll(rules.HashValues, nameof(rules.HashValues));
        foreach (var tolerance in rules.Tolerances)
            _rules.Add((tolerance.Path, tolerance.Rule, tolerance));
        foreach (var keyed in rules.KeyedBy)
            _rules.Add((keyed.Path, $"{nameof(rules.KeyedBy)} {keyed.Path.Text} by {keyed.Member.Text}", keyed));
        Hash = rules.ComputeHash();
        Nothing = Make([]);
        Root = StateOf([.. _rules.Select((_, rule) => rule * Stride)]);
        Part = rules.Parts is null
            ? Nothing
            : rules.Parts.Path.Segments.Aggregate(
                Root,
                (state, segment) =>
                    segment.Name is { } name ? state.Member(Encoding.UTF8.GetBytes(name)) : state.Element()
            );

        void AddAll(IReadOnlyList<PathPattern> paths, string kind)
        {
            foreach (var path in paths)
                _rules.Add((path, $"{kind} {path.Text}", kind));
        }
    }

    /// <summary>The hash of the rules.</summary>
    public string Hash { get; }

    /// <summary>No rule applies, here or below.</summary>
    public RuleState Nothing { get; }

    /// <summary>At <c>$</c>.</summary>
    public RuleState Root { get; }

    /// <summary>At an element that is a part.</summary>
    public RuleState Part { get; }

    public static RuleAutomaton Of(ComparisonRules rules) =>
        Known.GetValue(rules, static rules => new RuleAutomaton(rules));

    public RuleSteps StepsOf(RuleState state)
    {
        var names = state
            .Positions.Select(Segment)
            .Where(segment => segment.Name is not null)
            .Select(segment => segment.Name!)
            .Distinct(StringComparer.Ordinal);
        var named = names
            .Select(name =>
                (
                    Encoding.UTF8.GetBytes(name),
                    StateOf(Next(state, segment => segment.IsWildcard || segment.Name == name))
                )
            )
            .ToArray();
        var wild = StateOf(Next(state, segment => segment.IsWildcard));
        return new RuleSteps(named, wild, wild);
    }

    public RuleState ElementOf(RuleState state, int index, int count) =>
        StateOf(Next(state, segment => segment.IsWildcard || segment.Index == index || segment.Index == index - count));

    /// <summary>
    /// A position is a pattern and the number of its segments that are already matched; if all are matched, the rule
    /// applies here and leads nowhere.
    /// </summary>
    private int[] Next(RuleState state, Func<PathSegment, bool> steps)
    {
        var next = new SortedSet<int>();
        foreach (var position in state.Positions)
        {
            if (IsEnd(position))
                continue;
            var segment = Segment(position);
            if (segment.Descendant)
                next.Add(position);
            if (steps(segment))
                next.Add(position + 1);
        }
        return [.. next];
    }

    private bool IsEnd(int position) => position % Stride == _rules[position / Stride].Path.Segments.Count;

    private PathSegment Segment(int position) =>
        IsEnd(position)
            ? new PathSegment(false, null, null)
            : _rules[position / Stride].Path.Segments[position % Stride];

    private RuleState StateOf(int[] positions)
    {
        if (positions.Length == 0)
            return Nothing;
        var key = string.Join(',', positions);
        lock (_lock)
        {
            if (_states.TryGetValue(key, out var state))
                return state;
            state = Make(positions);
            if (_states.Count < MaxStates)
                _states.Add(key, state);
            return state;
        }
    }

    private RuleState Make(int[] positions)
    {
        var here = positions.Where(IsEnd).Select(position => _rules[position / Stride]).ToList();
        var below = positions.Where(position => !IsEnd(position)).ToList();
        var keyed = here.FirstOrDefault(rule => rule.Meaning is KeyedArray);
        return new RuleState(this, positions)
        {
            Ignore = Rule(nameof(ComparisonRules.Ignore)),
            AnyOrder = Rule(nameof(ComparisonRules.AnyOrder)),
            NullIsMissing = Rule(nameof(ComparisonRules.NullIsMissing)),
            IgnoreCase = Rule(nameof(ComparisonRules.IgnoreCase)),
            IsMap = Rule(nameof(ComparisonRules.Maps)) is not null,
            IsMasked = Rule(nameof(ComparisonRules.Mask)) is not null,
            IsHashed = Rule(nameof(ComparisonRules.HashValues)) is not null,
            KeyedBy = (keyed.Meaning as KeyedArray)?.Member,
            KeyedByRule = keyed.Rule,
            Tolerances =
            [
                .. here.Where(rule => rule.Meaning is Tolerance).Select(rule => ((Tolerance)rule.Meaning, rule.Rule)),
            ],
            IsLast = below.Count == 0,
            NamesElements = below.Any(position => Segment(position).Index is not null),
            Tolerates = positions.Any(position => _rules[position / Stride].Meaning is Tolerance),
        };

        string? Rule(string kind) => here.FirstOrDefault(rule => kind.Equals(rule.Meaning)).Rule;
    }
}
