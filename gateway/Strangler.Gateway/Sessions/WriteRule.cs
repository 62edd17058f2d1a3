namespace Strangler.Gateway.Sessions;

/// <summary>Whether a request may write, and whether its position is known once its answer has come.</summary>
internal static class WriteRule
{
    /// <summary>Methods that are safe by RFC 9110, 9.2.1, and the one that begins a tunnel.</summary>
    private static readonly string[] Others = ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"];

    /// <param name="method">The request's method.</param>
    /// <param name="overrides">Methods that its headers name instead.</param>
    /// <param name="declared">Methods that the route declares to only read. Null: it declares none.</param>
    public static bool MayWrite(string method, IEnumerable<string> overrides, IReadOnlySet<string>? declared) =>
        overrides
            .Prepend(method)
            .Select(one => one.Trim().ToUpperInvariant())
            .Any(one => !Others.Contains(one) && declared?.Contains(one) != true);

    /// <summary>
    /// Whether legacy may still write after the answer: it was not legacy's own, or it says that what is behind did not
    /// answer.
    /// </summary>
    public static bool MayWriteLater(int status, bool isForwarderError) =>
        isForwarderError || status is 502 or 503 or 504;
}
