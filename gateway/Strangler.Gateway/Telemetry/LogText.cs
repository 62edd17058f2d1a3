using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;

namespace Strangler.Gateway.Telemetry;

/// <summary>One line of what ASP.NET and YARP would write with a stack trace.</summary>
internal static class LogText
{
    private const int Most = 400;

    /// <summary>
    /// Whether an exception tells of client, network or legacy, and where it was thrown helps nobody.
    /// </summary>
    public static bool IsOfTheWire(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: var inner } => inner.All(IsOfTheWire),
        IOException or HttpRequestException or SocketException or BadHttpRequestException => true,
        OperationCanceledException or TimeoutException or AuthenticationException => true,
        _ => false,
    };

    /// <summary>What the innermost exceptions say, each once.</summary>
    public static string Reason(Exception exception) =>
        OneLine(string.Join(" ", Innermost(exception).Select(inner => inner.Message).Distinct(StringComparer.Ordinal)));

    public static string OneLine(string text)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= Most ? line : $"{line[..Most]}…";
    }

    private static IEnumerable<Exception> Innermost(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: { Count: > 0 } inner } => inner.SelectMany(Innermost),
        HttpRequestException { InnerException: SocketException } => [exception], // it names the address, the inner one doesn't
        { InnerException: { } inner } => Innermost(inner),
        _ => [exception],
    };
}
