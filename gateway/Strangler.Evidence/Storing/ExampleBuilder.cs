using System.Security.Cryptography;
using System.Text;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence.Reports;
using Strangler.Projections;

namespace Strangler.Evidence.Storing;

/// <summary>
/// Builds the example of a wrong part. It copies what it keeps, because others may use an answer's bytes.
/// </summary>
internal static class ExampleBuilder
{
    /// <summary>How many differences an example keeps.</summary>
    public const int MaxDifferences = 50;

    private const int MaxValueLength = 512;
    private const int MaxTextLength = 2_000;
    private const int MaxGeneralLength = 400; // it is in a primary key, whose rows are limited to 2,704 bytes
    private const int MaxHeaders = 64;

    // Crockford's alphabet: no two characters look alike
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <param name="comparison">The comparison.</param>
    /// <param name="part">Its wrong part.</param>
    /// <param name="wrong">The part's verdict.</param>
    /// <param name="draw">A random number.</param>
    /// <param name="bodyBytes">The number of body bytes that are kept.</param>
    public static KeptExample Of(
        Comparison comparison,
        PartVerdict part,
        Verdict.Wrong wrong,
        ulong draw,
        int bodyBytes
    )
    {
        var differences = wrong.Differences.Take(MaxDifferences).Select(Of).ToList();
        var report = new ExampleReport(
            Id(draw),
            Timestamps.Microseconds(comparison.At),
            EnumText.Clean(comparison.Request, MaxTextLength),
            part.Unit is { } unit ? EnumText.Clean(unit, MaxTextLength) : null,
            part.Position,
            part.Clock,
            EnumText.Of(wrong.Cause),
            differences,
            Of(part.Legacy, bodyBytes),
            Of(part.Lookup, bodyBytes)
        )
        {
            Form = wrong.Form is { } form ? EnumText.Clean(form, MaxTextLength) : null,
            MatchedAt = wrong.MatchedAt,
        };
        var bytes =
            500
            + (
                2L
                * differences.Sum(difference =>
                    difference.Path.Length
                    + difference.General.Length
                    + (difference.Legacy?.Length ?? 0)
                    + (difference.Lookup?.Length ?? 0)
                )
            )
            + Size(report.Legacy)
            + Size(report.Lookup);
        return new KeptExample(report, Priority(report.Id), bytes);
    }

    /// <summary>
    /// Twelve characters for sixty bits: short enough to type, and collisions are not to be expected.
    /// </summary>
    public static string Id(ulong draw) =>
        string.Create(
            12,
            draw,
            static (text, bits) =>
            {
                for (var i = 0; i < text.Length; i++)
                    text[i] = Alphabet[(int)((bits >> (5 * i)) & 31)];
            }
        );

    /// <summary>A bounded form of a scope's path, the same wherever it is written.</summary>
    public static string General(string general) => EnumText.Clean(general, MaxGeneralLength);

    private static long Priority(string id) => BitConverter.ToInt64(SHA256.HashData(Encoding.ASCII.GetBytes(id)), 0);

    private static DifferenceReport Of(Difference difference) =>
        new(
            EnumText.Of(difference.Kind),
            EnumText.Clean(difference.Path, MaxTextLength),
            General(difference.General),
            difference.Legacy is { } legacy ? EnumText.Clean(legacy, MaxValueLength) : null,
            difference.Lookup is { } lookup ? EnumText.Clean(lookup, MaxValueLength) : null
        );

    private static AnswerReport? Of(Answer? answer, int bodyBytes)
    {
        if (answer is null)
            return null;
        var cut = answer.Body.Length > bodyBytes;
        var body = answer.Body.Span[..Math.Min(answer.Body.Length, bodyBytes)];
        var headers = answer
            .Headers.Take(MaxHeaders)
            .Select(header => new HeaderReport(
                EnumText.Clean(header.Key, MaxTextLength),
                EnumText.Clean(header.Value, MaxTextLength)
            ))
            .ToList();
        return Text(body, cut) is { } text
            ? new(answer.Status, headers, text, false, answer.Body.Length, cut)
            : new(answer.Status, headers, Convert.ToBase64String(body), true, answer.Body.Length, cut);
    }

    /// <summary>The body as text; null if it isn't text. A character that the cut split is left out.</summary>
    private static string? Text(ReadOnlySpan<byte> body, bool cut)
    {
        for (var less = 0; cut && less < 3 && body.Length > 0 && !System.Text.Unicode.Utf8.IsValid(body); less++)
            body = body[..^1];
        return System.Text.Unicode.Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : null;
    }

    private static long Size(AnswerReport? answer) =>
        answer is null
            ? 0
            : 2L * (answer.Body.Length + answer.Headers.Sum(header => header.Name.Length + header.Value.Length));
}
