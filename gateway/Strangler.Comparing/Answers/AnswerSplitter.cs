using System.Buffers;
using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>
/// Splits an answer made of many keys, so that each part and the frame around the parts get their own verdicts.
/// </summary>
internal static class AnswerSplitter
{
    public static AnswerSplit Split(Answer answer, ComparisonRules rules)
    {
        if (rules.Parts is not { } parts)
            return new AnswerSplit.Whole("The route declares no parts.");
        if (answer.Status is < 200 or > 299)
            return new AnswerSplit.Whole($"Its status is {answer.Status}.");
        var decoded = AnswerBodies.Decode(answer, rules);
        if (decoded.Incomparable is { } reason)
            return new AnswerSplit.Whole($"Its body cannot be read: {reason}.");
        var type = MediaType.Of(answer);
        // the parts that are cut out are UTF-8 and have the headers of the whole answer
        if (
            type.Charset is not (null or "utf-8" or "us-ascii")
            || BodyText.ToUtf8(decoded.Bytes, "utf-8") is not { } text
        )
            return new AnswerSplit.Whole($"Its charset is '{type.Charset}'.");
        using var tree = JsonTree.Parse(text, rules.MaxDepth, out var fault);
        if (tree is null)
            return new AnswerSplit.Whole($"Its body cannot be read: {fault}.");

        var array = Array(tree, parts.Path);
        if (array < 0 || tree[array].Kind != JsonKind.Array)
            return new AnswerSplit.Whole($"It has no array at '{parts.Path.Text}'.");
        var headers = answer
            .Headers.Where(header => !header.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
            .ToList();
        var items = new List<AnswerPart>(tree[array].Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var frame = new ArrayBufferWriter<byte>();
        var copied = 0;
        foreach (var element in tree.Children(array))
        {
            var key = KeyGroups.Member(tree, element, parts.By);
            if (key < 0 || tree[key].Kind is not (JsonKind.String or JsonKind.Number))
                return new AnswerSplit.Whole($"The part at index {items.Count} has no key at '{parts.By.Text}'.");
            var name = JsonEscapes.Decode(tree.Value(key));
            if (!keys.Add(name))
                return new AnswerSplit.Whole($"The key of the part at index {items.Count} occurs twice.");
            items.Add(new AnswerPart(name, items.Count, new Answer(answer.Status, headers, tree.RawMemory(element))));
            frame.Write(text.Span[copied..tree[element].RawStart]);
            WriteSkeleton(frame, parts.By, tree.Raw(key));
            copied = tree[element].RawStart + tree[element].RawLength;
        }
        frame.Write(text.Span[copied..]);
        return new AnswerSplit.Parts(items, new Answer(answer.Status, headers, frame.WrittenMemory));
    }

    private static int Array(JsonTree tree, PathPattern path)
    {
        var node = JsonTree.Root;
        foreach (var segment in path.Segments)
        {
            if (node < 0 || segment.Name is null)
                return node;
            node = tree.Find(node, Encoding.UTF8.GetBytes(segment.Name));
        }
        return -1; // the last step is the wildcard
    }

    /// <summary>
    /// What is left of a part, so that the array's rules still find their member: <c>{"sku":"A"}</c>.
    /// </summary>
    private static void WriteSkeleton(ArrayBufferWriter<byte> frame, PathPattern by, ReadOnlySpan<byte> key)
    {
        var open = new StringBuilder();
        foreach (var segment in by.Segments)
        {
            open.Append('{');
            JsonEscapes.AppendQuoted(open, segment.Name ?? "");
            open.Append(':');
        }
        frame.Write(Encoding.UTF8.GetBytes(open.ToString()));
        frame.Write(key);
        for (var closing = 0; closing < by.Segments.Count; closing++)
            frame.Write("}"u8);
    }
}
