using System.Security.Cryptography;
using System.Text;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;

namespace Strangler.Comparing.Differences;

/// <summary>Values as a report shows them: JSON without whitespace, masked, cut after 256 characters.</summary>
internal static class ValueText
{
    public const int MaxLength = 256;
    public const string Masked = "\"***\"";
    private const int HashBytes = 8;

    public static string Of(JsonTree tree, int node, RuleState state, ComparisonRules rules)
    {
        var text = new StringBuilder();
        Append(text, tree, node, state, rules);
        return Cut(text.ToString());
    }

    public static string Cut(string text)
    {
        if (text.Length <= MaxLength)
            return text;
        return string.Concat(
            text.AsSpan(0, char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength),
            "…"
        );
    }

    /// <summary>The replacement for a value that the rules hide; null if they don't hide it.</summary>
    public static string? Hidden(JsonTree tree, int node, RuleState state, ComparisonRules rules)
    {
        if (!state.IsMasked && !state.IsHashed)
            return null;
        if (state.IsMasked || rules.HashKey.IsEmpty)
            return Masked; // a hash without a key could be guessed
        var kind = tree[node].Kind;
        byte[] value = kind switch
        {
            JsonKind.Number when DecimalText.TryRead(tree.Value(node), out var number) => Encoding.ASCII.GetBytes(
                number.Canonical()
            ),
            JsonKind.Array or JsonKind.Object => BitConverter.GetBytes(StructuralHash.Of(tree, node, state)),
            _ => tree.Value(node).ToArray(),
        };
        var hash = HMACSHA256.HashData(rules.HashKey.Span, [(byte)kind, .. value]);
        return $"\"#{Convert.ToHexStringLower(hash, 0, HashBytes)}\"";
    }

    private static void Append(StringBuilder text, JsonTree tree, int node, RuleState state, ComparisonRules rules)
    {
        if (text.Length > MaxLength)
            return;
        if (Hidden(tree, node, state, rules) is { } hidden)
        {
            text.Append(hidden);
            return;
        }
        switch (tree[node].Kind)
        {
            case JsonKind.Object:
                text.Append('{');
                for (var child = node + 1; child < tree[node].End && text.Length <= MaxLength; child = tree[child].End)
                {
                    if (child > node + 1)
                        text.Append(',');
                    JsonEscapes.AppendQuoted(text, JsonEscapes.Decode(tree.Name(child)));
                    text.Append(':');
                    Append(text, tree, child, state.Member(tree.Name(child)), rules);
                }
                text.Append('}');
                break;
            case JsonKind.Array:
                text.Append('[');
                var index = 0;
                for (
                    var child = node + 1;
                    child < tree[node].End && text.Length <= MaxLength;
                    child = tree[child].End, index++
                )
                {
                    if (index > 0)
                        text.Append(',');
                    Append(text, tree, child, state.Element(index, tree[node].Count), rules);
                }
                text.Append(']');
                break;
            default:
                Scalar(text, tree.Raw(node));
                break;
        }
    }

    /// <summary>As written: JSON has no control characters outside of escapes.</summary>
    private static void Scalar(StringBuilder text, ReadOnlySpan<byte> raw)
    {
        const int MaxBytes = (MaxLength + 2) * 4;
        text.Append(Encoding.UTF8.GetString(raw.Length <= MaxBytes ? raw : raw[..MaxBytes]));
    }
}
