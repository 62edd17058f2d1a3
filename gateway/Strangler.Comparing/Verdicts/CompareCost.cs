using System.Runtime.CompilerServices;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>
/// The most bytes that parsing bodies takes, estimated beforehand by counting the separators of values.
/// </summary>
internal static class CompareCost
{
    /// <summary>Per value in addition to its node: its place among its siblings.</summary>
    private const int Place = 32;

    /// <summary>
    /// The same if elements are paired by a member or in any order, or become parts: keys, hashes and groups.
    /// </summary>
    private const int Pairing = 112;

    /// <summary>A part's own records, in addition to pairing.</summary>
    private const int Part = 64;

    /// <summary>A part while its answer is held: two records, its key twice, and its place under the key.</summary>
    private const int HeldPart = 224;

    /// <summary>A difference's record and the headers of its four strings.</summary>
    private const int Found = 160;

    /// <summary>
    /// Comparing two answers; 0 where they are equal byte by byte, which is found without parsing them.
    /// </summary>
    public static long Of(Answer legacy, Answer lookup, ComparisonRules rules)
    {
        if (legacy.Body.Span.SequenceEqual(lookup.Body.Span))
            return 0;
        var beside = rules.AnyOrder.Count > 0 || rules.KeyedBy.Count > 0 ? Pairing : Place;
        return Of(legacy.Body.Span, beside) + Of(lookup.Body.Span, beside);
    }

    /// <summary>Splitting one answer into its parts: each is a separate record, and the frame is a copy.</summary>
    public static long OfParts(Answer answer) =>
        Of(answer.Body.Span, Pairing) + (2L * answer.Body.Length) + ((long)Part * answer.Body.Span.Count((byte)'{'));

    /// <summary>What is held of a split answer: its frame, and each part's records, key and place.</summary>
    public static long OfPieces(SplitAnswer pieces) =>
        pieces.Apart ? pieces.Frame.Body.Length + (HeldPart * (long)pieces.Count) + pieces.KeyBytes : 0;

    /// <summary>What is kept of differences, and of places that a rule ignored.</summary>
    public static long OfFound(ComparisonResult found) =>
        found.Differences.Sum(at =>
            OfFound(at.Path.Length + at.General.Length + (at.Legacy?.Length ?? 0) + (at.Lookup?.Length ?? 0))
        ) + found.Ignored.Sum(at => OfFound(at.General.Length));

    private static long OfFound(long characters) => Found + (sizeof(char) * characters);

    /// <summary>Hiding values in a body: it is parsed and written again, into a buffer that doubles.</summary>
    public static long OfMasking(Answer answer) => Of(answer.Body.Span, Place) + (3L * answer.Body.Length);

    /// <summary>
    /// One body: for each value a node and what comes in addition, its escaped names and strings once more, and other
    /// charsets in UTF-8.
    /// </summary>
    private static long Of(ReadOnlySpan<byte> body, int beside) =>
        (JsonTree.MaxHeldNodes(body) * Unsafe.SizeOf<JsonNode>())
        + (JsonTree.MaxNodes(body) * (long)beside)
        + (2L * body.Length);
}
