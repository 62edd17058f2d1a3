using System.Text;
using System.Text.Json;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Reports;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Projections;

namespace Strangler.Gateway.Reporting;

/// <summary>
/// Explains an example: 1. Get the rows at its position and the function's result for them, with and without each row's
/// last change. 2. Get Respond's answers for all these results. 3. For each differing field, find the newest change
/// without which it would have another value; of several in one commit, the one that is most specific to the field.
/// </summary>
internal sealed class ExampleExplainer(RespondWorkers workers)
{
    private const int MaxChanges = 100;
    private const int MaxBodyBytes = 64 << 10;
    private const string Hidden = "***";
    private const string OfForm =
        "The route doesn't say so, and no row explains it. Name the header in 'Headers' and let Respond use it, or its "
        + "usual values in 'HeaderDefaults'; or let the key type accept one spelling, so that legacy answers the "
        + "others.";
    private static readonly ComparisonRules Everything = new();

    /// <exception cref="MomentsUnavailableException">The projections don't answer.</exception>
    public async Task<ExplainReport> ExplainAsync(
        ExampleReport example,
        StranglerRouteModel route,
        IMoments moments,
        CancellationToken cancellationToken
    )
    {
        if (route.Lookup is not { } lookup)
            return Unknown(example, "No projection answers the route any more. Name it in the configuration again.");
        if (example.Form is { } form)
            return Unknown(example, $"{form} {OfForm}");
        if (example.Key is not { } key)
            return Unknown(example, OfNoKey(route.Compare));
        if (example is not { Position: { } position, Clock: { } clock })
            return Unknown(
                example,
                "The moment that the example was compared at is not known. Look at other examples of its path."
            );
        var explained = await moments.ExplainAsync(
            new ExplainQuestion(lookup.Responder.Projection, key, position, clock, MaxChanges),
            cancellationToken
        ); // 1.
        if (explained is Explained.Refused refused)
            return Unknown(example, $"{refused.Problem} {refused.WayOut}");
        var known = (Explained.Known)explained;
        var hides = route.Compare.Mask.Count > 0 || route.Compare.HashValues.Count > 0;
        var rows = known
            .Rows.Select(row => new RowReport(
                row.Table,
                hides ? Hidden : row.PrimaryKey,
                hides ? Hidden : row.Row,
                row.Since
            ))
            .ToList();
        // masks are paths of answers; their meaning within a document or a row is unknown
        var document = known.Made is Made.Document made
            ? hides
                ? Encoding.UTF8.GetBytes($"\"{Hidden}\"")
                : made.Bytes
            : (ReadOnlyMemory<byte>?)null;
        var error = known.Made is Made.Threw threw
            ? hides
                ? Hidden
                : threw.Error
            : null;
        var asks = (known.Made as Made.AskLegacy)?.Reason;
        var problem =
            error is not null ? "The projection's function fails for these rows."
            : asks is not null ? $"The projection's function asks legacy for these rows: {asks}"
            : null;
        Answer? answer = null;
        var fields = new List<FieldReport>();
        var request = ExampleRequestBuilder.Of(example.Request, key, route.Path, lookup);
        if (request is null)
            problem ??= "The route no longer takes the request, so no answer can be made of the document.";
        else if (error is null && asks is null)
        {
            answer = await RespondAsync(known.Made); // 2.
            if (answer is null)
                problem = "Respond fails for this document.";
            else
            {
                problem = Unlike(example, Shown(answer, route.Compare), lookup);
                fields = await FieldsAsync(answer);
            }

            ValueTask<Answer?> RespondAsync(Made of) => this.RespondAsync(lookup, request, key, of, cancellationToken);

            // Changes of one commit (a snapshot is one) have no order. Those without which the least of the answer
            // would change come first, since they are the most specific to a field.
            async Task<IEnumerable<(ExplainedChange Change, Answer Without)>> AnsweredAsync(
                IEnumerable<ExplainedChange> commit,
                Answer now
            )
            {
                var answered = new List<(ExplainedChange Change, Answer Without)>();
                foreach (var change in commit)
                {
                    if (await RespondAsync(change.Without) is { } without)
                        answered.Add((change, without));
                }
                return answered.Count < 2
                    ? answered
                    : answered
                        .OrderBy(one => one.Without.Status != now.Status)
                        .ThenBy(one => Comparer.Compare(now, one.Without, Everything).Differences.Count);
            }

            async Task<List<FieldReport>> FieldsAsync(Answer now) // 3.
            {
                var open = example.Differences.DistinctBy(difference => difference.Path).ToList();
                var touched = new Dictionary<string, FieldReport>(StringComparer.Ordinal);
                // newest first
                foreach (var commit in known.Changes.GroupBy(change => (change.At.Epoch, change.At.Commit)))
                {
                    if (open.Count == 0)
                        break;
                    foreach (var (change, without) in await AnsweredAsync(commit, now))
                    {
                        var shown = Shown(without, route.Compare);
                        foreach (var difference in open.Where(difference => Differs(now, without, difference)).ToList())
                        {
                            touched[difference.Path] = new FieldReport(
                                difference.Path,
                                difference.Legacy,
                                difference.Lookup,
                                Report(change, hides),
                                Joined(
                                    JsonPathFinder.Find(shown, difference.Path),
                                    JsonPathFinder.Find(shown, difference.General)
                                )
                            );
                            open.Remove(difference);
                        }
                    }
                }
                return
                [
                    .. example
                        .Differences.DistinctBy(difference => difference.Path)
                        .Select(difference =>
                            touched.GetValueOrDefault(difference.Path)
                            ?? new FieldReport(difference.Path, difference.Legacy, difference.Lookup, null, null)
                        ),
                ];
            }
        }
        return new ExplainReport(
            example,
            problem,
            document is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null,
            error,
            answer is null ? null : Report(Shown(answer, route.Compare)),
            fields,
            rows,
            known.Changes.Count
        );
    }

    private static string OfNoKey(ComparisonRules rules) =>
        rules.Parts is null
            ? "The example has no single key: its answer is made from several, and it isn't known which of "
                + "them differs. Declare its parts ('Compare:Parts'), so that each key has examples of its own."
            : "The example has no single key: it is the frame around the parts, or an answer without parts. "
                + "Look at the examples of its keys.";

    /// <summary>
    /// An answer other than the one that was compared doesn't explain it. Null if both have the same values where they
    /// differ from legacy's, as far as they were kept.
    /// </summary>
    private static string? Unlike(ExampleReport example, Answer made, RouteLookupModel lookup)
    {
        if (example.Differences.FirstOrDefault(difference => !Alike(made, difference)) is not { } unlike)
            return null;
        if (example.Cause == EnumText.Of(WrongCause.Engine))
            return "The stored document was not what the projection's function returns for these rows. What follows "
                + "is about the function's result.";
        var members = lookup.Key is KeySource.JsonPath path
            ? lookup.Body.Except(path.Members()).Order(StringComparer.Ordinal).ToList()
            : [];
        var body =
            lookup.Key is not KeySource.JsonPath ? ""
            : members.Count == 0 ? " Of the request's body only the example's key is kept."
            : $" Of the request's body only the example's key is kept, and not {Sentence.List(members)}.";
        return "The answer made here is not the one that was compared: they differ at "
            + $"'{unlike.Path}'. What follows may be about other values.{body}";
    }

    private static bool Alike(Answer made, DifferenceReport difference)
    {
        // hidden and cut values can't be compared
        if (
            difference is not { Lookup: { } text }
            || !difference.Path.StartsWith('$')
            || text.EndsWith('…')
            || text == ValueText.Masked
            || text.StartsWith("\"#", StringComparison.Ordinal)
        )
            return true;
        return JsonPathFinder
            .Find(made, difference.Path)
            .Concat(JsonPathFinder.Find(made, difference.General))
            .Any(found => Same(found, text));
    }

    private static bool Same(string found, string text)
    {
        try
        {
            return found == text || JsonElement.DeepEquals(JsonElement.Parse(found), JsonElement.Parse(text));
        }
        catch (JsonException)
        {
            return true; // text that isn't JSON can't be compared
        }
    }

    /// <summary>
    /// If the answer to one key is shorter than the one that was compared, indices mean nothing, and all elements are
    /// compared together.
    /// </summary>
    private static bool Differs(Answer now, Answer without, DifferenceReport difference)
    {
        var (here, there) = (JsonPathFinder.Find(now, difference.Path), JsonPathFinder.Find(without, difference.Path));
        if (here.Count > 0 || there.Count > 0)
            return !here.SequenceEqual(there, StringComparer.Ordinal);
        return !JsonPathFinder
            .Find(now, difference.General)
            .SequenceEqual(JsonPathFinder.Find(without, difference.General), StringComparer.Ordinal);
    }

    private async ValueTask<Answer?> RespondAsync(
        RouteLookupModel lookup,
        AnswerRequest request,
        string key,
        Made made,
        CancellationToken cancellationToken
    )
    {
        if (made is Made.Threw or Made.AskLegacy)
            return null;
        // a guard of its own, so that a manual explanation doesn't put a route back
        var responded = await workers.RunAsync(
            lookup.Responder,
            request,
            [(key, (made as Made.Document)?.Bytes)],
            lookup.RespondLimit,
            new RespondGuard(),
            cancellationToken
        );
        return responded is RespondOutcome.Made { Answer: { LegacyReason: null } answer } ? answer : null;
    }

    private static string? Joined(IReadOnlyList<string> exact, IReadOnlyList<string> general) =>
        (exact.Count > 0 ? exact : general) is { Count: > 0 } found ? string.Join(", ", found) : null;

    private static Answer Shown(Answer answer, ComparisonRules rules) =>
        answer with
        {
            Body = BodyMasker.Apply(answer.Body, rules) ?? default,
        };

    private static AnswerReport Report(Answer answer)
    {
        var cut = answer.Body.Length > MaxBodyBytes;
        return new AnswerReport(
            answer.Status,
            [.. answer.Headers.Select(header => new HeaderReport(header.Key, header.Value))],
            Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(MaxBodyBytes, answer.Body.Length)]),
            false,
            answer.Body.Length,
            cut
        );
    }

    private static RowChangeReport Report(ExplainedChange change, bool hides) =>
        new(
            change.Table,
            hides ? Hidden : change.PrimaryKey,
            change.Before is { } before
                ? hides
                    ? Hidden
                    : before
                : null,
            change.After is { } after
                ? hides
                    ? Hidden
                    : after
                : null,
            change.At,
            change.CommittedAt
        );

    private static ExplainReport Unknown(ExampleReport example, string problem) =>
        new(example, problem, null, null, null, [], [], 0);
}
