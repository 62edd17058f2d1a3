using Strangler.Comparing.Answers;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>An answer, and the pieces into which its route's rule splits it.</summary>
internal sealed class SplitAnswer
{
    private readonly Dictionary<string, AnswerPart>? _parts;

    /// <param name="canonical">The canonical text of a key, as the projection defines it.</param>
    public SplitAnswer(Answer answer, ComparisonRules rules, Func<string, string?> canonical)
    {
        Whole = Frame = answer;
        if (rules.Parts is null || AnswerSplitter.Split(answer, rules) is not AnswerSplit.Parts split)
            return;
        var parts = new Dictionary<string, AnswerPart>(split.Items.Count, StringComparer.Ordinal);
        foreach (var item in split.Items)
        {
            if (!parts.TryAdd(canonical(item.Key) ?? item.Key, item))
                return; // two parts have one key, so they can't be told apart
        }
        (Frame, _parts) = (split.Frame, parts);
    }

    /// <summary>Whether it was split.</summary>
    public bool Apart => _parts is not null;

    /// <summary>The number of parts.</summary>
    public int Count => _parts?.Count ?? 0;

    public Answer Whole { get; }

    /// <summary>The answer without its parts; the whole answer if there are none.</summary>
    public Answer Frame { get; }

    /// <summary>The part of a key; null: it doesn't exist.</summary>
    public AnswerPart? Part(string key) => _parts?.GetValueOrDefault(key);

    /// <summary>The bytes of the keys' texts, in the answer's form and the projection's.</summary>
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
        // if only one side could be split, its frame has no counterpart
        return unit is Unit.Frame && legacy.Apart == lookup.Apart
            ? Comparer.Compare(legacy.Frame, lookup.Frame, rules)
            : Comparer.Compare(legacy.Whole, lookup.Whole, rules);
    }
}
