using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Where tokens stand in requests and answers: a cookie, and a header for clients that keep no cookies.
/// </summary>
internal static class SessionHeaders
{
    /// <summary>The header of requests and answers.</summary>
    public const string Position = "Strangler-Position";

    /// <summary>The cookie's name.</summary>
    public const string Cookie = "strangler-position";

    private const int MaxTexts = 8;

    /// <summary>
    /// Takes the tokens out of a request: legacy gets what the client would have sent without them, and a caller with
    /// such a cookie only doesn't identify itself by it.
    /// </summary>
    /// <returns>Texts that may be tokens, a few at most.</returns>
    public static IReadOnlyList<string> Take(IHeaderDictionary headers)
    {
        List<string>? texts = null;
        if (headers.TryGetValue(Position, out var sent))
        {
            headers.Remove(Position);
            foreach (var value in sent)
                (texts ??= []).AddRange((value ?? "").Split(',', StringSplitOptions.TrimEntries));
        }
        var cookies = headers.Cookie;
        if (cookies.Any(line => line?.Contains(Cookie, StringComparison.Ordinal) == true))
        {
            var kept = cookies.Select(line => Without(line ?? "", texts ??= [])).OfType<string>().ToArray();
            headers.Cookie = kept.Length == 0 ? StringValues.Empty : kept;
        }
        return texts is null ? [] : [.. texts.Where(text => text.Length == TokenCodec.Length).Take(MaxTexts)];
    }

    /// <summary>Gives the caller a token, in both places.</summary>
    /// <param name="context">The request, whose answer hasn't begun.</param>
    /// <param name="token">The token.</param>
    /// <param name="life">How long it matters.</param>
    public static void Give(HttpContext context, string token, TimeSpan life)
    {
        context.Response.Headers[Position] = token;
        var seconds = ((long)life.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var secure = context.Request.IsHttps ? "; Secure" : "";
        context.Response.Headers.Append(
            Microsoft.Net.Http.Headers.HeaderNames.SetCookie,
            $"{Cookie}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
    }

    /// <summary>A line of cookies as it was, without ours. Null if nothing is left.</summary>
    private static string? Without(string line, List<string> texts)
    {
        var pairs = line.Split(';');
        var kept = pairs.Where(pair => ValueOf(pair) is null).ToArray();
        if (kept.Length == pairs.Length)
            return line;
        texts.AddRange(pairs.Select(ValueOf).OfType<string>());
        var left = string.Join(';', kept).TrimStart(' ');
        return left.Length == 0 ? null : left;
    }

    private static string? ValueOf(string pair)
    {
        var trimmed = pair.AsSpan().Trim(' ');
        return
            trimmed.Length > Cookie.Length
            && trimmed.StartsWith(Cookie, StringComparison.Ordinal)
            && trimmed[Cookie.Length] == '='
            ? trimmed[(Cookie.Length + 1)..].Trim('"').ToString()
            : null;
    }
}
