using System.Buffers;
using System.Text;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>Replaces what a route's rules hide before anything is stored.</summary>
internal static class BodyMasker
{
    /// <summary>
    /// What may be kept of a body in UTF-8 without content codings: masked values are <c>"***"</c>, hashed ones
    /// <c>"#"</c> and hex digits; everything else stays byte for byte.
    /// </summary>
    /// <returns>
    /// Null if the rules hide something and the body is not JSON within the limits: then it is unknown what to hide.
    /// </returns>
    public static ReadOnlyMemory<byte>? Apply(ReadOnlyMemory<byte> body, ComparisonRules rules) =>
        Apply(body, rules, RuleAutomaton.Of(rules).Root);

    /// <summary>The same for a part.</summary>
    public static ReadOnlyMemory<byte>? Apply(AnswerPart part, ComparisonRules rules) =>
        Apply(part.Answer.Body, rules, RuleAutomaton.Of(rules).Part);

    private static ReadOnlyMemory<byte>? Apply(ReadOnlyMemory<byte> body, ComparisonRules rules, RuleState root)
    {
        if (rules.Mask.Count == 0 && rules.HashValues.Count == 0 || body.IsEmpty)
            return body;
        if (BodyText.ToUtf8(body, null) is not { } text)
            return null;
        using var tree = JsonTree.Parse(text, rules.MaxDepth, out _);
        if (tree is null)
            return null;
        var written = new ArrayBufferWriter<byte>(text.Length + 64);
        var copied = 0;
        Hide(JsonTree.Root, root);
        written.Write(text.Span[copied..]);
        return written.WrittenMemory;

        void Hide(int node, RuleState state)
        {
            if (ValueText.Hidden(tree, node, state, rules) is { } hidden)
            {
                written.Write(text.Span[copied..tree[node].RawStart]);
                written.Write(Encoding.ASCII.GetBytes(hidden));
                copied = tree[node].RawStart + tree[node].RawLength;
                return;
            }
            if (state.IsLast || tree[node].Kind < JsonKind.Array)
                return;
            var index = 0;
            for (var child = node + 1; child < tree[node].End; child = tree[child].End, index++)
            {
                Hide(
                    child,
                    tree[node].Kind == JsonKind.Object
                        ? state.Member(tree.Name(child))
                        : state.Element(index, tree[node].Count)
                );
            }
        }
    }
}
