using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>What HTTP demands of an answer that Respond made (RFC 9110, 5.5, 6.4.1, 15). Checked before the first byte is sent, since afterwards nothing can be taken back.</summary>
internal static class AnswerRules
{
    private static readonly HashSet<string> NotItsOwn = new(StringComparer.OrdinalIgnoreCase) { "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer", "TE", "Proxy-Connection" };

    public static bool Allow(Answer? answer) =>
        answer is { Status: >= 200 and <= 599 }
        && (answer.Status is not (204 or 205 or 304) || answer.Body.IsEmpty)
        && answer.Headers.All(header => IsName(header.Key) && !NotItsOwn.Contains(header.Key) && header.Value is { } value && value.All(letter => letter is '\t' or >= ' ' and < (char)0x7F));

    /// <summary>RFC 9110, 5.6.2: a token.</summary>
    private static bool IsName(string? name) => name is { Length: > 0 } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));
}
