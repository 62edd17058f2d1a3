using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Projections;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Gateway.Shadowing;

/// <summary>How a forwarded request ended.</summary>
internal static class ForwardOutcome
{
    /// <summary>
    /// Why its answer can't be compared. Null if it can, as far as is known before its bytes are read.
    /// </summary>
    public static IncomparableReason? Incomparable(HttpContext context, AnswerCopy copy)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { Error: var error } && Incomparable(error) is { } reason)
            return reason;
        return IncomparableStatuses.Incomparable(context.Response.StatusCode, context.Response.ContentType ?? "")
            ?? copy.Missing;
    }

    /// <summary>One entry for each value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(HttpResponse response)
    {
        var headers = new List<KeyValuePair<string, string>>(response.Headers.Count);
        foreach (var (name, values) in response.Headers)
        {
            foreach (var value in values)
                headers.Add(new(name, value ?? ""));
        }
        return headers;
    }

    /// <summary>The answer without content codings, or why it can't be decoded.</summary>
    public static (Answer? Answer, IncomparableReason? Incomparable) Decode(Answer answer, ComparisonRules rules)
    {
        var decoded = AnswerBodies.Decode(answer, rules);
        return decoded.Incomparable is { } reason
            ? (null, reason == UnreadableReason.TooLarge ? IncomparableReason.TooLarge : IncomparableReason.Unreadable)
            : (
                answer with
                {
                    Headers =
                    [
                        .. answer.Headers.Where(header =>
                            !header.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
                        ),
                    ],
                    Body = decoded.Bytes,
                },
                null
            );
    }

    private static IncomparableReason? Incomparable(ForwarderError error) =>
        error switch
        {
            ForwarderError.None => null,
            ForwarderError.RequestTimedOut => IncomparableReason.TimedOut,
            ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyClient
            or ForwarderError.RequestBodyCanceled
            or ForwarderError.ResponseBodyClient
            or ForwarderError.ResponseBodyCanceled
            or ForwarderError.ResponseBodyDestination => IncomparableReason.CutOff,
            ForwarderError.UpgradeRequestCanceled
            or ForwarderError.UpgradeRequestClient
            or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseCanceled
            or ForwarderError.UpgradeResponseClient
            or ForwarderError.UpgradeResponseDestination => IncomparableReason.NotAnAnswer,
            _ => IncomparableReason.Failed,
        };
}
