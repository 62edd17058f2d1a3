using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>Removes the content codings of a copied body (RFC 9110, section 8.4) within bounds.</summary>
internal static class AnswerBodies
{
    private const int MaxCodings = 4;
    private const int Chunk = 16 << 10;

    /// <summary>A body of at most this size may grow by any ratio: a small repetitive body is not a bomb.</summary>
    private const int AlwaysAllowed = 64 << 10;

    /// <summary>
    /// The body without <c>gzip</c>, <c>br</c> and <c>deflate</c>, also when they are stacked. The bounds are
    /// <see cref="ComparisonRules.MaxBodyBytes"/> and <see cref="ComparisonRules.MaxRatio"/>.
    /// </summary>
    public static DecodedBody Decode(Answer answer, ComparisonRules limits)
    {
        if (answer.Body.Length > limits.MaxBodyBytes)
            return new DecodedBody(default, UnreadableReason.TooLarge);
        var codings = Codings(answer.Headers);
        if (codings is null || codings.Count > MaxCodings)
            return new DecodedBody(default, UnreadableReason.Encoding);
        var bytes = answer.Body;
        var byRatio = Math.Max(AlwaysAllowed, (long)answer.Body.Length * limits.MaxRatio);
        for (var coding = codings.Count - 1; coding >= 0 && !bytes.IsEmpty; coding--)
        {
            var decoded = Decode(codings[coding], bytes, Math.Min(byRatio, limits.MaxBodyBytes));
            if (decoded.Incomparable == UnreadableReason.TooLarge && byRatio < limits.MaxBodyBytes)
                return new DecodedBody(default, UnreadableReason.Ratio);
            if (decoded.Incomparable is not null)
                return decoded;
            bytes = decoded.Bytes;
        }
        return new DecodedBody(bytes, null);
    }

    /// <summary>
    /// The most memory that decoding takes at a time: a buffer that doubles, the previous one, and its copy; 0 if there
    /// is nothing to decode.
    /// </summary>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="length">The size of its body in bytes.</param>
    /// <param name="limits">The decoding bounds.</param>
    public static long Cost(IReadOnlyList<KeyValuePair<string, string>> headers, long length, ComparisonRules limits) =>
        Codings(headers) is { Count: > 0 and <= MaxCodings }
            ? 4 * Math.Min(Math.Max(AlwaysAllowed, length * limits.MaxRatio), limits.MaxBodyBytes)
            : 0;

    /// <summary>In the order in which they were applied; null if one is unknown.</summary>
    private static List<string>? Codings(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var codings = new List<string>();
        foreach (var (name, value) in headers)
        {
            if (!name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (
                var coding in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            {
                switch (coding.ToLowerInvariant())
                {
                    case "identity":
                        break;
                    case "gzip" or "x-gzip":
                        codings.Add("gzip");
                        break;
                    case "br":
                        codings.Add("br");
                        break;
                    case "deflate":
                        codings.Add("deflate");
                        break;
                    default:
                        return null;
                }
            }
        }
        return codings;
    }

    private static DecodedBody Decode(string coding, ReadOnlyMemory<byte> bytes, long max)
    {
        try
        {
            return coding switch
            {
                "gzip" => Read(new GZipStream(Open(bytes), CompressionMode.Decompress), max),
                "br" => Read(new BrotliStream(Open(bytes), CompressionMode.Decompress), max),
                // RFC 9110, section 8.4.1.2: zlib's format; some servers send raw deflate, so the first two bytes
                // decide
                _ when (bytes.Span[0] & 0x0f) == 8
                        && bytes.Length > 1
                        && ((bytes.Span[0] << 8) | bytes.Span[1]) % 31 == 0 => Read(
                    new ZLibStream(Open(bytes), CompressionMode.Decompress),
                    max
                ),
                _ => Read(new DeflateStream(Open(bytes), CompressionMode.Decompress), max),
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            return new DecodedBody(default, UnreadableReason.Encoding);
        }
    }

    private static MemoryStream Open(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private static DecodedBody Read(Stream decoding, long max)
    {
        using (decoding)
        {
            var written = new ArrayBufferWriter<byte>(Chunk);
            while (true)
            {
                var read = decoding.Read(written.GetSpan(Chunk));
                if (read == 0)
                    return new DecodedBody(written.WrittenSpan.ToArray(), null); // what exceeds the bound isn't kept
                written.Advance(read);
                if (written.WrittenCount > max)
                    return new DecodedBody(default, UnreadableReason.TooLarge);
            }
        }
    }
}
