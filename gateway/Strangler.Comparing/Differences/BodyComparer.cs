using System.Globalization;
using System.Text;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Differences;

/// <summary>Compares bodies: JSON by structure, other content as bytes or text.</summary>
internal sealed class BodyComparer(ComparisonRules rules, FoundDifferences found)
{
    private const string Body = "body";
    private const int Shown = 80;

    /// <returns>Why legacy's body can't be compared; null if it was compared.</returns>
    public UnreadableReason? Compare(Answer legacy, Answer lookup)
    {
        MediaType one = MediaType.Of(legacy),
            two = MediaType.Of(lookup);
        if (
            legacy.Body.Length <= rules.MaxBodyBytes
            && one.Charset == two.Charset
            && legacy.Body.Span.SequenceEqual(lookup.Body.Span)
            && Codings(legacy) == Codings(lookup)
        )
            return null;
        DecodedBody left = AnswerBodies.Decode(legacy, rules),
            right = AnswerBodies.Decode(lookup, rules);
        if (left.Incomparable is not null)
            return left.Incomparable;
        if (right.Incomparable is { } unreadable)
            return Unreadable(left.Bytes, unreadable);
        if (left.Bytes.IsEmpty || right.Bytes.IsEmpty)
        {
            if (left.Bytes.Length != right.Bytes.Length)
                Differ(left.Bytes.Span, right.Bytes.Span);
            return null;
        }
        if (one.IsJson || two.IsJson || one.IsNone && two.IsNone && BeginsLikeJson(left.Bytes.Span))
            return CompareJson(left.Bytes, one, right.Bytes, two);
        if (left.Bytes.Span.SequenceEqual(right.Bytes.Span))
            return null;
        if (rules.Text == OtherContent.Text)
            return CompareText(left.Bytes, one, right.Bytes, two);
        Differ(left.Bytes.Span, right.Bytes.Span);
        return null;
    }

    public UnreadableReason? Compare(AnswerPart? legacy, AnswerPart? lookup)
    {
        if (legacy is null && lookup is null)
            return null;
        if (legacy is not null && lookup is not null && legacy.Answer.Body.Span.SequenceEqual(lookup.Answer.Body.Span))
            return null;
        using var left = legacy is null ? null : JsonTree.Parse(legacy.Answer.Body, rules.MaxDepth, out var reason);
        using var right = lookup is null ? null : JsonTree.Parse(lookup.Answer.Body, rules.MaxDepth, out reason);
        if (legacy is not null && left is null || lookup is not null && right is null)
            throw new ArgumentException("A part is not JSON. Only AnswerParts makes parts.");
        var state = RuleAutomaton.Of(rules).Part;
        var trail = new PathTrail();
        foreach (var segment in rules.Parts?.Path.Segments ?? [])
        {
            if (segment.Name is { } name)
                trail.PushName(name);
            else
                // the key identifies the part, wherever it is
                trail.PushElement(legacy?.Index ?? lookup!.Index, identity: 1);
        }
        // a walk needs two trees; the missing one is never read
        var walk = new TreeComparer((left ?? right)!, (right ?? left)!, rules, found, trail);
        if (left is not null && right is not null)
            walk.Compare(JsonTree.Root, JsonTree.Root, state);
        else if (state.Ignore is { } ignore)
            walk.Pass(ignore);
        else
            walk.Report(
                left is not null ? DifferenceKind.Missing : DifferenceKind.Extra,
                left is not null ? JsonTree.Root : -1,
                right is not null ? JsonTree.Root : -1,
                state
            );
        return null;
    }

    private UnreadableReason? CompareJson(
        ReadOnlyMemory<byte> legacy,
        MediaType one,
        ReadOnlyMemory<byte> lookup,
        MediaType two
    )
    {
        if (BodyText.ToUtf8(legacy, one.Charset) is not { } leftText)
            return UnreadableReason.Charset;
        using var left = JsonTree.Parse(leftText, rules.MaxDepth, out var reason);
        if (left is null && (one.IsJson || reason != UnreadableReason.NotJson))
            return reason;
        if (left is null) // only the lookup declares JSON, or neither declares anything
        {
            if (!legacy.Span.SequenceEqual(lookup.Span))
                Differ(legacy.Span, lookup.Span);
            return null;
        }
        if (BodyText.ToUtf8(lookup, two.Charset) is not { } rightText)
            return Unreadable(legacy, UnreadableReason.Charset);
        using var right = JsonTree.Parse(rightText, rules.MaxDepth, out reason);
        if (right is null)
            return Unreadable(legacy, reason);
        new TreeComparer(left, right, rules, found, new PathTrail()).Compare(
            JsonTree.Root,
            JsonTree.Root,
            RuleAutomaton.Of(rules).Root
        );
        return null;
    }

    private UnreadableReason? CompareText(
        ReadOnlyMemory<byte> legacy,
        MediaType one,
        ReadOnlyMemory<byte> lookup,
        MediaType two
    )
    {
        if (BodyText.ToUtf8(legacy, one.Charset) is not { } left)
            return UnreadableReason.Charset;
        if (BodyText.ToUtf8(lookup, two.Charset) is not { } right)
            return Unreadable(legacy, UnreadableReason.Charset);
        if (left.Span.SequenceEqual(right.Span))
            return null;
        byte[] leftLines = BodyText.WithEqualLines(left.Span),
            rightLines = BodyText.WithEqualLines(right.Span);
        if (leftLines.AsSpan().SequenceEqual(rightLines))
            found.Ignore(Body, "Text text");
        else
            Differ(leftLines, rightLines);
        return null;
    }

    /// <summary>What legacy writes readably and the lookup doesn't is the lookup's fault.</summary>
    private UnreadableReason? Unreadable(ReadOnlyMemory<byte> legacy, UnreadableReason reason)
    {
        found.Add(
            DifferenceKind.Body,
            Body,
            Length(legacy.Length),
            reason switch
            {
                UnreadableReason.TooDeep => string.Create(
                    CultureInfo.InvariantCulture,
                    $"JSON deeper than {rules.MaxDepth} levels"
                ),
                UnreadableReason.TooLarge => string.Create(
                    CultureInfo.InvariantCulture,
                    $"more than {rules.MaxBodyBytes} bytes"
                ),
                UnreadableReason.NotJson => "no JSON",
                UnreadableReason.Ratio => string.Create(
                    CultureInfo.InvariantCulture,
                    $"more than {rules.MaxRatio} times its compressed size"
                ),
                UnreadableReason.Encoding => "a content coding that is unknown or broken",
                _ => "bytes that are not of its charset",
            }
        );
        return null;
    }

    /// <summary>
    /// Shows where the bodies diverge; only lengths if the rules hide something, because the hidden place is unknown.
    /// </summary>
    private void Differ(ReadOnlySpan<byte> legacy, ReadOnlySpan<byte> lookup)
    {
        var hides = rules.Mask.Count > 0 || rules.HashValues.Count > 0;
        var from = Math.Max(0, legacy.CommonPrefixLength(lookup) - 16);
        found.Add(
            DifferenceKind.Body,
            Body,
            hides ? Length(legacy.Length) : Excerpt(legacy, from),
            hides ? Length(lookup.Length) : Excerpt(lookup, from),
            HashMix.Add(HashMix.Bytes(legacy), HashMix.Bytes(lookup))
        );
    }

    private static string? Excerpt(ReadOnlySpan<byte> body, int from)
    {
        if (body.IsEmpty)
            return null;
        from = Math.Min(from, body.Length);
        var bytes = body.Slice(from, Math.Min(Shown, body.Length - from));
        var text = new StringBuilder(from > 0 ? "…" : "");
        foreach (var character in Encoding.UTF8.GetString(bytes))
            text.Append(char.IsControl(character) && character is not ('\n' or '\t' or '\r') ? '\ufffd' : character);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{text}{(from + bytes.Length < body.Length ? "…" : "")} ({body.Length} bytes, from {from})"
        );
    }

    private static string? Length(int bytes) =>
        bytes == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");

    private static bool BeginsLikeJson(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n\ufeff"u8);
        return !text.IsEmpty && text[0] is (byte)'{' or (byte)'[';
    }

    private static string Codings(Answer answer) =>
        string.Join(
            ',',
            answer
                .Headers.Where(header => header.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
                .Select(header => header.Value)
        );
}
