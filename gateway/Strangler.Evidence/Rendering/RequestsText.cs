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
}
