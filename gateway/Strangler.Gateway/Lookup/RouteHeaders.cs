using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Headers that a route adds to each answer of its lookup: constants, which legacy or a proxy in front of it writes;
/// the tag of its body; and that it varies by encoding.
/// </summary>
internal static class RouteHeaders
{
    private const int TagBytes = 12;

    /// <summary>Adds those that the answer doesn't have. The route's response transforms follow later.</summary>
    public static Answer AddTo(Answer answer, RouteLookupModel lookup)
    {
        if (lookup.AnswerHeaders.Count == 0 && !lookup.HasTags && !lookup.Compresses)
            return answer;
        var own = answer.Headers.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<KeyValuePair<string, string>> headers =
        [
            .. answer.Headers,
            .. lookup.AnswerHeaders.Where(constant => !own.Contains(constant.Key)),
        ];
        if (lookup.HasTags && answer.Status == 200 && !Has(headers, HeaderNames.ETag))
            headers.Add(new(HeaderNames.ETag, TagOf(answer.Body.Span)));
        if (lookup.Compresses && !Varies(headers))
            headers.Add(new(HeaderNames.Vary, HeaderNames.AcceptEncoding));
        return answer with { Headers = headers };
    }

    /// <summary>
    /// A weak tag (RFC 9110, 8.8.1): the same bytes have it in each encoding, and from each gateway.
    /// </summary>
    private static string TagOf(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return $"W/\"{Base64Url.EncodeToString(digest[..TagBytes])}\"";
    }

    private static bool Has(List<KeyValuePair<string, string>> headers, string name) =>
        headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool Varies(List<KeyValuePair<string, string>> headers) =>
        headers
            .Where(header => header.Key.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.TrimEntries))
            .Any(name => name == "*" || name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase));
}
