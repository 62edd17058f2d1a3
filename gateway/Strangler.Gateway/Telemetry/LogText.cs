using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;

namespace Strangler.Gateway.Telemetry;

/// <summary>One line of what ASP.NET and YARP would write with a stack trace.</summary>
internal static class LogText
{
    /// <summary>The most characters of a line of ours, whose sentences have a way out at their end.</summary>
    public const int MaxOwnLength = 2_000;

    private const int MaxLength = 400;
    private const int MaxTraceLength = 2_000;

    /// <summary>
    /// Whether an exception tells of client, network or legacy, and where it was thrown helps nobody.
    /// </summary>
    public static bool IsOfTheWire(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: var inner } => inner.All(IsOfTheWire),
            IOException or HttpRequestException or SocketException or BadHttpRequestException => true,
            OperationCanceledException or TimeoutException or AuthenticationException => true,
            _ => false,
        };

    /// <summary>What the innermost exceptions say, each once.</summary>
    public static string Reason(Exception exception) =>
        OneLine(string.Join(" ", Innermost(exception).Select(inner => inner.Message).Distinct(StringComparer.Ordinal)));

    /// <summary>Where it was thrown, in one line, without what it says.</summary>
    public static string Trace(Exception exception) =>
        OneLine(
            string.Join(" ", Innermost(exception).Select(inner => $"{inner.GetType()}:{inner.StackTrace}")),
            MaxTraceLength
        );

    public static string OneLine(string text, int most = MaxLength)
    {
        var cut = text.Length <= most ? text : $"{text.AsSpan(0, most)}…";
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static IEnumerable<Exception> Innermost(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: { Count: > 0 } inner } => inner.SelectMany(Innermost),
            // it names the address, the inner one doesn't
            HttpRequestException { InnerException: SocketException } => [exception],
            { InnerException: { } inner } => Innermost(inner),
            _ => [exception],
        };
}
