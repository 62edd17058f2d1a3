using System.Globalization;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Differences;

/// <summary>Compares legacy's answer with the lookup's.</summary>
internal static class Comparer
{
    private const string Status = "status";

    /// <summary>
    /// Answers with different statuses are not compared further: their bodies are about different things, and one fault
    /// is one line.
    /// </summary>
    public static ComparisonResult Compare(Answer legacy, Answer lookup, ComparisonRules rules)
    {
        var found = new FoundDifferences();
        if (legacy.Status != lookup.Status)
        {
            var kind =
                Refuses(legacy.Status) && Shows(lookup.Status) || Shows(legacy.Status) && Refuses(lookup.Status)
                    ? DifferenceKind.Security
                    : DifferenceKind.Status;
            found.Add(
                kind,
                Status,
                legacy.Status.ToString(CultureInfo.InvariantCulture),
                lookup.Status.ToString(CultureInfo.InvariantCulture)
            );
            return found.Result(null);
        }
        HeaderComparer.Compare(legacy, lookup, rules, found);
        return found.Result(new BodyComparer(rules, found).Compare(legacy, lookup));
    }

    /// <summary>
    /// Compares the parts of one key; null is a part that the answer lacks. Status and headers belong to the frame.
    /// </summary>
    public static ComparisonResult Compare(AnswerPart? legacy, AnswerPart? lookup, ComparisonRules rules)
    {
        var found = new FoundDifferences();
        return found.Result(new BodyComparer(rules, found).Compare(legacy, lookup));
    }

    private static bool Refuses(int status) => status is 401 or 403;

    private static bool Shows(int status) => status is >= 200 and < 300;
}
