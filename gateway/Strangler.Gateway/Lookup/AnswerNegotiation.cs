using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Fits an answer of the lookup to what its client has and takes: 304 if the client has it already (RFC 9110, 13.1.2),
/// or compressed (12.5.3).
/// </summary>
internal static class AnswerNegotiation
{
    /// <summary>Below this, compressing gains less than a packet.</summary>
    private const int MinBytes = 1_024;

    /// <summary>Above this, compressing would take a thread for too long.</summary>
    private const int MaxBytes = 4 << 20;
    private const string Brotli = "br";
    private const string Gzip = "gzip";
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 22;

    /// <param name="answer">With the headers of its route.</param>
    /// <param name="lookup">What the route does.</param>
    /// <param name="request">The request.</param>
    public static Answer Of(Answer answer, RouteLookupModel lookup, HttpRequest request)
    {
        var headers = request.Headers;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (lookup.HasTags && isRead && IsKnown(answer, headers))
            return answer with
            {
                Status = 304,
                Headers = [.. answer.Headers.Where(header => !OfBody(header.Key))],
                Body = default,
            };
        return
            lookup.Compresses
            && answer.Body.Length is >= MinBytes and <= MaxBytes
            && !answer.Headers.Any(header => IsNamed(header, HeaderNames.ContentEncoding))
            && EncodingFor(headers) is { } encoding
            ? Compressed(answer, encoding)
            : answer;
    }

    private static bool IsKnown(Answer answer, IDictionary<string, StringValues> headers) =>
        answer.Status == 200
        && answer.Headers.FirstOrDefault(header => IsNamed(header, HeaderNames.ETag)).Value is { } own
        && EntityTagHeaderValue.TryParse(own, out var tag)
        && headers.TryGetValue(HeaderNames.IfNoneMatch, out var given)
        && EntityTagHeaderValue.TryParseStrictList([.. given.OfType<string>()], out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));

    /// <summary>What describes a body that isn't sent (RFC 9110, 15.4.5).</summary>
    private static bool OfBody(string header) =>
        header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        && !header.Equals(HeaderNames.ContentLocation, StringComparison.OrdinalIgnoreCase)
        && !header.Equals(HeaderNames.ContentSecurityPolicy, StringComparison.OrdinalIgnoreCase);

    /// <summary>The encoding that the client wants most, of those that exist here. Null: none.</summary>
    private static string? EncodingFor(IDictionary<string, StringValues> headers)
    {
        if (
            !headers.TryGetValue(HeaderNames.AcceptEncoding, out var given)
            || !StringWithQualityHeaderValue.TryParseStrictList([.. given.OfType<string>()], out var wanted)
        )
            return null;
        var (brotli, gzip) = (QualityOf(Brotli), QualityOf(Gzip));
        return brotli > 0 && brotli >= gzip ? Brotli
            : gzip > 0 ? Gzip
            : null;

        double QualityOf(string encoding) =>
            (
                wanted.FirstOrDefault(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
                ?? wanted.FirstOrDefault(one => one.Value.Equals("*", StringComparison.Ordinal))
            )
                is { } found
                ? found.Quality ?? 1
                : 0;
    }

    private static Answer Compressed(Answer answer, string encoding) =>
        answer with
        {
            Headers = [.. answer.Headers.Select(Weak), new(HeaderNames.ContentEncoding, encoding)],
            Body = encoding == Brotli ? WithBrotli(answer.Body.Span) : WithGzip(answer.Body.Span),
        };

    /// <summary>A strong tag is of other bytes than these (RFC 9110, 8.8.3.3).</summary>
    private static KeyValuePair<string, string> Weak(KeyValuePair<string, string> header) =>
        IsNamed(header, HeaderNames.ETag) && !header.Value.StartsWith("W/", StringComparison.Ordinal)
            ? new(header.Key, $"W/{header.Value}")
            : header;

    private static ReadOnlyMemory<byte> WithBrotli(ReadOnlySpan<byte> body)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, buffer, out var written, BrotliQuality, BrotliWindow)
            ? buffer.AsMemory(0, written)
            : throw new InvalidOperationException("The buffer has room for whatever the body is.");
    }

    private static ReadOnlyMemory<byte> WithGzip(ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream(body.Length / 2);
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static bool IsNamed(KeyValuePair<string, string> header, string name) =>
        header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
