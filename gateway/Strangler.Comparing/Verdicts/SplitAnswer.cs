using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>An answer, and what its route's rule takes it apart into.</summary>
internal sealed class SplitAnswer
{
    private readonly Dictionary<string, AnswerPart>? _parts;

    /// <param name="canonical">The canonical text of a key, as the projection has it.</param>
    public SplitAnswer(Answer answer, ComparisonRules rules, Func<string, string?> canonical)
    {
        Whole = Frame = answer;
        if (rules.Parts is null || AnswerSplitter.Split(answer, rules) is not AnswerSplit.Parts split)
            return;
        var parts = new Dictionary<string, AnswerPart>(split.Items.Count, StringComparer.Ordinal);
        foreach (var item in split.Items)
        {
            if (!parts.TryAdd(canonical(item.Key) ?? item.Key, item))
                return; // two parts of one key: which is which, nobody can tell
        }
        (Frame, _parts) = (split.Frame, parts);
    }

    /// <summary>Whether it was taken apart.</summary>
    public bool Apart => _parts is not null;

    /// <summary>How many parts it was taken apart into.</summary>
    public int Count => _parts?.Count ?? 0;

    public Answer Whole { get; }

    /// <summary>What is left without the parts; the whole where there are none.</summary>
    public Answer Frame { get; }

    /// <summary>The part of a key; null: it has none.</summary>
    public AnswerPart? Part(string key) => _parts?.GetValueOrDefault(key);

    /// <summary>The bytes of the keys' texts, as the answer and as the projection have them.</summary>
    public long KeyBytes => _parts?.Sum(part => sizeof(char) * ((long)part.Key.Length + part.Value.Key.Length)) ?? 0;

    /// <summary>What a person is shown of a unit.</summary>
    public Answer? Of(Unit unit) =>
        unit switch
        {
            Unit.Part part => Part(part.Of)?.Answer,
            Unit.Frame => Frame,
            _ => Whole,
        };

    /// <summary>Compares one unit of two answers.</summary>
    public static ComparisonResult Compare(Unit unit, SplitAnswer legacy, SplitAnswer lookup, ComparisonRules rules)
    {
        if (unit is Unit.Part part)
            return Comparer.Compare(legacy.Part(part.Of), lookup.Part(part.Of), rules);
        // where only one side could be taken apart, its frame has no counterpart
        return unit is Unit.Frame && legacy.Apart == lookup.Apart
            ? Comparer.Compare(legacy.Frame, lookup.Frame, rules)
            : Comparer.Compare(legacy.Whole, lookup.Whole, rules);
    }
}
