using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>Walks two JSON trees side by side under the rules of a route.</summary>
internal sealed class TreeComparer(
    JsonTree legacy,
    JsonTree lookup,
    ComparisonRules rules,
    FoundDifferences found,
    PathTrail trail
)
{
    /// <summary>Pairs of elements that are examined, plus values that are compared by probes.</summary>
    private const int MaxEffort = 1 << 18;
    private int _probing;
    private bool _differs;

    public JsonTree Legacy => legacy;

    public JsonTree Lookup => lookup;

    public PathTrail Trail => trail;

    public Effort Effort { get; } = new(MaxEffort);

    public bool IsProbing => _probing > 0;

    /// <summary>A probe ends with the first difference.</summary>
    public bool IsDone => _probing > 0 && _differs;

    public void Compare(int left, int right, RuleState state)
    {
        if (IsDone || legacy.Raw(left).SequenceEqual(lookup.Raw(right)))
            return;
        if (state.Ignore is { } ignore)
        {
            if (_probing == 0 && Differ(left, right, RuleAutomaton.Of(rules).Nothing))
                Pass(ignore);
            return;
        }
        if (legacy[left].Kind != lookup[right].Kind)
        {
            Report(DifferenceKind.Type, left, right, state);
            return;
        }
        if (_probing == 0 && (state.IsMasked || state.IsHashed))
        {
            // a hidden value is hidden as a whole: a path below it would show what it contains
            if (Differ(left, right, state))
                Report(DifferenceKind.Value, left, right, state);
            return;
        }
        switch (legacy[left].Kind)
        {
            case JsonKind.Object:
                CompareMembers(left, right, state);
                break;
            case JsonKind.Array:
                new ArrayComparer(this, left, right, state).Compare();
                break;
            default:
                CompareScalars(left, right, state);
                break;
        }
    }

    /// <summary>Whether they differ under the rules, without recording anything.</summary>
    public bool Differ(int left, int right, RuleState state)
    {
        var before = _differs;
        _differs = false;
        _probing++;
        Compare(left, right, state);
        _probing--;
        var differs = _differs;
        _differs = before;
        return differs;
    }

    /// <summary>Reports the place at the end of the trail; -1 is a side that has nothing there.</summary>
    public void Report(DifferenceKind kind, int left, int right, RuleState state)
    {
        if (_probing > 0)
        {
            _differs = true;
            return;
        }
        var print = HashMix.Add(
            HashMix.Add(HashMix.Add(trail.Hash(), (ulong)kind), left < 0 ? 0 : StructuralHash.Of(legacy, left, state)),
            right < 0 ? 0 : StructuralHash.Of(lookup, right, state)
        );
        found.Add(
            print,
            !found.HasRoom
                ? null
                : new Difference(
                    kind,
                    trail.Path(),
                    trail.General(),
                    left < 0 ? null : ValueText.Of(legacy, left, state, rules),
                    right < 0 ? null : ValueText.Of(lookup, right, state, rules)
                )
        );
    }

    /// <summary>Counts that a rule ignores a difference at the end of the trail.</summary>
    public void Pass(string rule)
    {
        if (_probing == 0)
            found.Ignore(trail.General(), rule);
    }

    private void CompareScalars(int left, int right, RuleState state)
    {
        ReadOnlySpan<byte> one = legacy.Value(left),
            two = lookup.Value(right);
        var isText = legacy[left].Kind == JsonKind.String;
        if (one.SequenceEqual(two))
            return;
        if (
            legacy[left].Kind == JsonKind.Number
            && DecimalText.TryRead(one, out var a)
            && DecimalText.TryRead(two, out var b)
            && a.Equals(b)
        )
            return;
        if (
            isText
            && state.IgnoreCase is { } ignoreCase
            && JsonEscapes.Decode(one).Equals(JsonEscapes.Decode(two), StringComparison.OrdinalIgnoreCase)
        )
        {
            Pass(ignoreCase);
            return;
        }
        foreach (var (tolerance, rule) in state.Tolerances)
        {
            if (!IsWithin(tolerance, one, two))
                continue;
            Pass(rule);
            return;
        }
        Report(DifferenceKind.Value, left, right, state);
    }

    private static bool IsWithin(Tolerance tolerance, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two)
    {
        if (tolerance is Tolerance.Time time)
            return Instant.TryParse(one, out var earlier)
                && Instant.TryParse(two, out var later)
                && Instant.Within(earlier, later, time.Max);
        if (!DecimalText.TryRead(one, out var a) || !DecimalText.TryRead(two, out var b))
            return false;
        return tolerance switch
        {
            Tolerance.Absolute absolute => DecimalText.Within(a, b, absolute.Max, relative: false),
            Tolerance.Relative relative => DecimalText.Within(a, b, relative.Max, relative: true),
            _ => false,
        };
    }

    private void CompareMembers(int left, int right, RuleState state)
    {
        // usually the same code wrote both, in the same order
        int one = left + 1,
            two = right + 1;
        if (legacy[left].Count == lookup[right].Count && HaveSameOrder(left, right))
        {
            for (; one < legacy[left].End && !IsDone; one = legacy[one].End, two = lookup[two].End)
                CompareMember(one, two, state);
            return;
        }
        foreach (var (ones, twos) in MemberGroups.Of(legacy, left, lookup, right))
        {
            if (IsDone)
                return;
            if (ones.Length == twos.Length)
                for (var at = 0; at < ones.Length; at++)
                    CompareMember(ones[at], twos[at], state);
            else
                CompareUnlike(ones, twos, state);
        }
    }

    private bool HaveSameOrder(int left, int right)
    {
        for (int one = left + 1, two = right + 1; one < legacy[left].End; one = legacy[one].End, two = lookup[two].End)
        {
            if (!legacy.Name(one).SequenceEqual(lookup.Name(two)))
                return false;
        }
        return true;
    }

    private void CompareMember(int one, int two, RuleState state)
    {
        if (legacy.Raw(one).SequenceEqual(lookup.Raw(two)))
            return;
        trail.PushMember(legacy, one, state.IsMap);
        Compare(one, two, state.Member(legacy.Name(one)));
        trail.Pop();
    }

    /// <summary>A name that only one side has, or that occurs more often on one side.</summary>
    private void CompareUnlike(int[] ones, int[] twos, RuleState state)
    {
        var tree = ones.Length > 0 ? legacy : lookup;
        var first = ones.Length > 0 ? ones[0] : twos[0];
        var member = state.Member(tree.Name(first));
        trail.PushMember(tree, first, state.IsMap);
        if (member.Ignore is { } ignore)
            Pass(ignore);
        else if (ones.Length + twos.Length > 1)
            ReportDuplicates(ones, twos, member);
        else if (member.NullIsMissing is { } nullIsMissing && tree[first].Kind == JsonKind.Null)
            Pass(nullIsMissing);
        else
            Report(
                ones.Length > 0 ? DifferenceKind.Missing : DifferenceKind.Extra,
                ones.Length > 0 ? first : -1,
                twos.Length > 0 ? first : -1,
                member
            );
        trail.Pop();
    }

    private void ReportDuplicates(int[] ones, int[] twos, RuleState member)
    {
        if (_probing > 0)
        {
            _differs = true;
            return;
        }
        var print = HashMix.Add(trail.Hash(), (ulong)DifferenceKind.DuplicateKey);
        foreach (var one in ones)
            print = HashMix.Add(print, StructuralHash.Of(legacy, one, member));
        print = HashMix.Add(print, (ulong)ones.Length);
        foreach (var two in twos)
            print = HashMix.Add(print, StructuralHash.Of(lookup, two, member));
        found.Add(
            print,
            found.HasRoom
                ? new Difference(
                    DifferenceKind.DuplicateKey,
                    trail.Path(),
                    trail.General(),
                    Texts(legacy, ones),
                    Texts(lookup, twos)
                )
                : null
        );

        string? Texts(JsonTree tree, int[] nodes)
        {
            if (nodes.Length == 0)
                return null;
            var text = new StringBuilder();
            foreach (var node in nodes)
            {
                if (text.Length > ValueText.MaxLength)
                    break;
                text.Append(text.Length == 0 ? "" : ", ").Append(ValueText.Of(tree, node, member, rules));
            }
            return ValueText.Cut(text.ToString());
        }
    }
}
