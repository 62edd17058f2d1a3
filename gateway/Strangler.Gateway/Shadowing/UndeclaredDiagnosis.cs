using System.Text;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Finds the wrong parts for which neither the function nor the rows have changed since they matched, so that legacy
/// must depend on something else. It asks the store only about what is wrong.
/// </summary>
internal sealed class UndeclaredDiagnosis(IMatchHistory history)
{
    /// <param name="scope">The scope of the comparison.</param>
    /// <param name="inputs">What the lookup reads of the request.</param>
    /// <param name="parts">The verdicts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<IReadOnlyList<PartVerdict>> OfAsync(
        EvidenceScope scope,
        string inputs,
        IReadOnlyList<PartVerdict> parts,
        CancellationToken cancellationToken
    )
    {
        var diagnosed = new List<PartVerdict>(parts.Count);
        foreach (var part in parts)
        {
            diagnosed.Add(
                part.Verdict is Verdict.Wrong { Cause: WrongCause.Projection } wrong
                && AnswerIdentity.Of(inputs, part) is { } answer
                && await history.LastMatchAsync(scope, answer, cancellationToken) is { } matched
                    ? part with
                    {
                        Verdict = wrong with { Cause = WrongCause.UndeclaredDependency, MatchedAt = matched },
                    }
                    : part
            );
        }
        return diagnosed;
    }

    /// <summary>Everything that the lookup reads of a request, as one text; other requests have another one.</summary>
    public static string Inputs(AnswerRequest request, IReadOnlyList<string> keys)
    {
        var text = new StringBuilder();
        Add(request.Method);
        foreach (var key in keys)
            Add(key);
        AddAll(request.RouteValues);
        AddAll(request.Query);
        AddAll(request.Headers);
        Add(request.Body?.GetRawText() ?? "");
        return text.ToString();

        void AddAll(IReadOnlyDictionary<string, string> values)
        {
            text.Append(values.Count).Append(';');
            foreach (var (name, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
            {
                Add(name);
                Add(value);
            }
        }

        // with its length, so that different lists of texts never give the same one
        void Add(string value) => text.Append(value.Length).Append(' ').Append(value);
    }
}
