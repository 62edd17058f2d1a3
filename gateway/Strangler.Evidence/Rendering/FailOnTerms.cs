using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Rendering;

/// <summary>
/// When a pipeline should fail: terms separated by commas, each of which is sufficient. A term is <c>not-ready</c>, or
/// one of <see cref="Figures"/> with an optional limit: <c>wrong</c> (above none), <c>wrong&gt;3</c> (above a count;
/// dismissed faults don't count),
/// <c>undetermined&gt;5%</c> (above a share: of all parts; of the sampled requests for <c>unproven</c> and
/// <c>dropped</c>; of the comparisons for <c>lost</c>; of these and the sampled ones for <c>not-sampled</c>).
/// </summary>
public sealed class FailOnTerms
{
    private const string NotReady = "not-ready";
    private readonly IReadOnlyList<Term> _terms;

    private FailOnTerms(IReadOnlyList<Term> terms) => _terms = terms;

    /// <summary>Figures that a term may name, for use in a sentence.</summary>
    public const string Figures =
        "'wrong', 'unproven', 'undetermined', 'torn', 'incomparable', 'unclear' (the three together), 'dropped', "
        + "'lost' and 'not-sampled'";

    /// <param name="text">The terms.</param>
    /// <param name="failOn">The parsed terms.</param>
    /// <param name="problem">What is wrong with them, as a sentence.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FailOnTerms? failOn,
        [NotNullWhen(false)] out string? problem
    )
    {
        (failOn, problem) = (null, null);
        var terms = new List<Term>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Parse(part) is not { } term)
            {
                problem =
                    $"'{part}' is not a reason to fail: write '{NotReady}', or one of {Figures}, with a limit where "
                    + "you want one, such as 'wrong>3' or 'undetermined>5%'.";
                return false;
            }
            terms.Add(term);
        }
        failOn = new FailOnTerms(terms);
        return true;
    }

    /// <returns>A sentence for each term that a route breaks; empty if the pipeline may continue.</returns>
    public IReadOnlyList<string> Broken(ReportFile report) =>
        [.. report.Routes.SelectMany(route => _terms.Select(term => Broken(route, term)).OfType<string>())];

    private static Term? Parse(string text)
    {
        if (text == NotReady)
            return new Term(NotReady, 0, false);
        var parts = text.Split('>', 2, StringSplitOptions.TrimEntries);
        if (
            parts[0]
            is not (
                "wrong"
                or "unproven"
                or "undetermined"
                or "torn"
                or "incomparable"
                or "unclear"
                or "dropped"
                or "lost"
                or "not-sampled"
            )
        )
            return null;
        if (parts.Length == 1)
            return new Term(parts[0], 0, false);
        var percent = parts[1].EndsWith('%');
        var number = percent ? parts[1][..^1].TrimEnd() : parts[1];
        if (
            !double.TryParse(
                number,
                percent ? NumberStyles.AllowDecimalPoint : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var limit
            )
            || percent && limit > 100
        )
            return null;
        return new Term(parts[0], limit, percent);
    }

    private static string? Broken(EvidenceReport route, Term term)
    {
        if (term.Name == NotReady)
            return route.Gate.Ready
                ? null
                : $"{route.Route}: not ready for lookup: "
                    + $"{string.Join(' ', route.Gate.Rules.Where(rule => !rule.Kept).Select(rule => rule.Found))}";
        var verdicts = route.Verdicts;
        var (count, of) = term.Name switch
        {
            "wrong" => (verdicts.Wrong - verdicts.Dismissed, verdicts.Total),
            "undetermined" => (verdicts.Undetermined, verdicts.Total),
            "torn" => (verdicts.Torn, verdicts.Total),
            "incomparable" => (verdicts.Incomparable, verdicts.Total),
            "unclear" => (verdicts.Undetermined + verdicts.Torn + verdicts.Incomparable, verdicts.Total),
            "dropped" => (route.Requests.Dropped, route.Requests.Sampled),
            "lost" => (route.Requests.Lost, route.Requests.Compared + route.Requests.Lost),
            "not-sampled" => (route.Requests.NotSampled, route.Requests.Sampled + route.Requests.NotSampled),
            // a count of keys, or the share of the requests that name them
            _ => (term.Percent ? route.Keys.Unproven.Requests : route.Keys.Unproven.Count, route.Requests.Sampled),
        };
        var figure = term.Percent
            ? of == 0
                ? 0
                : 100.0 * count / of
            : count;
        if (figure <= term.Limit)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{route.Route}: {term.Name} is {figure:0.##}{(term.Percent ? " %" : "")}, above "
                + $"{term.Limit:0.##}{(term.Percent ? " %" : "")}"
        );
    }

    private sealed record Term(string Name, double Limit, bool Percent);
}
