using Strangler.Evidence.Gates;
using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>What happened to a route's requests, as a sentence whose figures add up.</summary>
internal static class RequestsText
{
    public static string Of(RequestsReport requests)
    {
        var rest = requests.Sampled - requests.Compared - requests.Dropped - requests.Lost;
        return string.Concat(
            $"{Number(requests.Sampled)} {(requests.Sampled == 1 ? "request" : "requests")} sampled, "
                + $"{Number(requests.Compared)} compared, {Number(requests.Dropped)} dropped",
            requests.Lost > 0 ? $", {Number(requests.Lost)} lost on the way to the store" : "",
            rest > 0 ? $", {Number(rest)} under way or gone with a gateway that was killed" : "",
            requests.NotSampled > 0
                ? $"; {Number(requests.NotSampled)} besides were not sampled, since the lookup would not answer them"
                : ""
        );
    }

    /// <summary>Of them, what was compared after the lookup had answered. Null: nothing was to be.</summary>
    public static string? OfRecheck(EvidenceReport report)
    {
        var recheck = report.Recheck;
        if (recheck.Sampled == 0)
            return StageTraits.Parse(report.Stage)?.Traits().IsRechecked == true
                ? "nothing that the lookup answered has been compared"
                : null;
        var last = recheck.Last is { } at ? $", the last at {Time(at)}" : "";
        var wrong = recheck switch
        {
            { Wrong: 0 } => "nothing was wrong",
            { FirstWrong: { } first, LastWrong: { } latest } =>
                $"{Number(recheck.Wrong)} {(recheck.Wrong == 1 ? "part" : "parts")} wrong from {Time(first)} to "
                    + Time(latest),
            _ => $"{Number(recheck.Wrong)} {(recheck.Wrong == 1 ? "part" : "parts")} wrong",
        };
        return $"of these, the lookup had answered {Number(recheck.Sampled)}: {Number(recheck.Compared)} compared"
            + $"{last}, {Number(recheck.Dropped)} dropped; {wrong}";
    }
}
