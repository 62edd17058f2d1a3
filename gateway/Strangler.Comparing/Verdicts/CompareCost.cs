using System.Runtime.CompilerServices;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>
/// How many bytes taking bodies apart takes at most, told before it is done by counting what separates values.
/// </summary>
internal static class CompareCost
{
    /// <summary>Beside its node, of a value: its place among its siblings.</summary>
    private const int Place = 32;

    /// <summary>
    /// The same where elements are paired by a member or in any order, or become parts: keys, hashes and groups.
    /// </summary>
    private const int Pairing = 112;

    /// <summary>A part's own records, beside what pairing takes.</summary>
    private const int Part = 64;

    /// <summary>A part while its answer is held: two records, its key twice, and its place under the key.</summary>
    private const int HeldPart = 224;

    /// <summary>A difference's record and what heads its four texts.</summary>
    private const int Found = 160;

    /// <summary>
    /// Comparing two answers; 0 where they are equal byte by byte, which is found without taking them apart.
    /// </summary>
    public static long Of(Answer legacy, Answer lookup, ComparisonRules rules)
    {
        if (legacy.Body.Span.SequenceEqual(lookup.Body.Span))
            return 0;
        var beside = rules.AnyOrder.Count > 0 || rules.KeyedBy.Count > 0 ? Pairing : Place;
        return Of(legacy.Body.Span, beside) + Of(lookup.Body.Span, beside);
    }

    /// <summary>Taking one answer apart into its parts: each is a record of its own, and the frame a copy.</summary>
    public static long OfParts(Answer answer) =>
        Of(answer.Body.Span, Pairing) + (2L * answer.Body.Length) + ((long)Part * answer.Body.Span.Count((byte)'{'));

    /// <summary>
    /// What stays of an answer that was taken apart: its frame, and each part's records, key and place.
    /// </summary>
    public static long OfPieces(SplitAnswer pieces) =>
        pieces.Apart ? pieces.Frame.Body.Length + (HeldPart * (long)pieces.Count) + pieces.KeyBytes : 0;

    /// <summary>What is kept of differences, and of places that a rule let pass.</summary>
    public static long OfFound(ComparisonResult found) =>
        found.Differences.Sum(at =>
            OfFound(at.Path.Length + at.General.Length + (at.Legacy?.Length ?? 0) + (at.Lookup?.Length ?? 0))
        ) + found.Ignored.Sum(at => OfFound(at.General.Length));

    private static long OfFound(long characters) => Found + (sizeof(char) * characters);

    /// <summary>Hiding values in a body: it is taken apart and written again, into a buffer that doubles.</summary>
    public static long OfMasking(Answer answer) => Of(answer.Body.Span, Place) + (3L * answer.Body.Length);

    /// <summary>
    /// One body: a node and what stands beside it for each value, its escaped names and texts once more, and other
    /// charsets in UTF-8.
    /// </summary>
    private static long Of(ReadOnlySpan<byte> body, int beside) =>
        (JsonTree.MaxHeldNodes(body) * Unsafe.SizeOf<JsonNode>())
        + (JsonTree.MaxNodes(body) * (long)beside)
        + (2L * body.Length);
}
