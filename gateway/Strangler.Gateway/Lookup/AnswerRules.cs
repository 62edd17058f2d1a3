using Strangler.Gateway.Http;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// HTTP's rules for an answer that Respond made (RFC 9110, 5.5, 6.4.1, 15). Checked before the first byte is sent,
/// since nothing can be taken back afterwards.
/// </summary>
internal static class AnswerRules
{
    public static bool Allow(Answer? answer) =>
        answer is { Status: >= 200 and <= 599 }
        && (answer.Status is not (204 or 205 or 304) || answer.Body.IsEmpty)
        && answer.Headers.All(header =>
            HeaderNames.IsName(header.Key)
            && !HeaderNames.OfTheServer.Contains(header.Key)
            && HeaderNames.IsValue(header.Value)
        );
}
