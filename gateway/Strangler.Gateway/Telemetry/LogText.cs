using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;

namespace Strangler.Gateway.Telemetry;

/// <summary>Writes on one line what ASP.NET and YARP would log with a stack trace.</summary>
internal static class LogText
{
    /// <summary>The maximum length of a line of ours, whose sentences end with a way out.</summary>
    public const int MaxOwnLength = 2_000;

    private const int MaxLength = 400;
    private const int MaxTraceLength = 2_000;

    /// <summary>
    /// Whether an exception is about client, network or legacy, so that its stack trace doesn't help.
    /// </summary>
    public static bool IsOfTheWire(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: var inner } => inner.All(IsOfTheWire),
            IOException or HttpRequestException or SocketException or BadHttpRequestException => true,
            OperationCanceledException or TimeoutException or AuthenticationException => true,
            _ => false,
        };

    /// <summary>The messages of the innermost exceptions, each once.</summary>
    public static string Reason(Exception exception) =>
        OneLine(string.Join(" ", Innermost(exception).Select(inner => inner.Message).Distinct(StringComparer.Ordinal)));

    /// <summary>Where it was thrown, on one line, without its message.</summary>
    public static string Trace(Exception exception) =>
        OneLine(
            string.Join(" ", Innermost(exception).Select(inner => $"{inner.GetType()}:{inner.StackTrace}")),
            MaxTraceLength
        );

    public static string OneLine(string text, int max = MaxLength)
    {
        var cut = text.Length <= max ? text : $"{text.AsSpan(0, max)}…";
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static IEnumerable<Exception> Innermost(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: { Count: > 0 } inner } => inner.SelectMany(Innermost),
            // it has the address, which the inner one doesn't
            HttpRequestException { InnerException: SocketException } => [exception],
            { InnerException: { } inner } => Innermost(inner),
            _ => [exception],
        };
}
