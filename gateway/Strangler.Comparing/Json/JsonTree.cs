using System.Buffers;
using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;

namespace Strangler.Comparing.Json;

/// <summary>
/// JSON as a flat list of its values, each parent before its children. Memory is pooled; no part of a tree may be used
/// after disposal.
/// </summary>
/// <remarks>
/// Unlike <see cref="JsonDocument"/>, it makes names and strings comparable byte by byte regardless of their escapes,
/// including lone surrogates, and distinguishes excessive depth from bad syntax.
/// </remarks>
internal sealed class JsonTree : IDisposable
{
    public const int Root = 0;
    private const int MaxPooled = 4_096;
    private readonly ReadOnlyMemory<byte> _source;
    private readonly bool _isLarge;
    private JsonNode[] _nodes;
    private byte[] _unescaped = [];
    private int _count;
    private int _unescapedLength;

    private JsonTree(ReadOnlyMemory<byte> source)
    {
        _source = source;
        // all at once, so that growing copies nothing
        var max = MaxNodes(source.Span);
        _isLarge = max > MaxPooled;
        _nodes = _isLarge ? NodePool.Rent(max) : ArrayPool<JsonNode>.Shared.Rent(max);
    }

    /// <summary>The most values that a text may contain: the first one, and one after each comma and bracket.</summary>
    public static int MaxNodes(ReadOnlySpan<byte> utf8) =>
        1 + utf8.Count((byte)',') + utf8.Count((byte)'[') + utf8.Count((byte)'{');

    /// <summary>The most nodes for which a tree of the text allocates memory.</summary>
    public static long MaxHeldNodes(ReadOnlySpan<byte> utf8) =>
        MaxNodes(utf8) is > MaxPooled and var nodes
            ? NodePool.MaxSize(nodes)
            : BitOperations.RoundUpToPowerOf2((uint)MaxNodes(utf8));

    public ref JsonNode this[int node] => ref _nodes[node];

    /// <summary>Null with a reason.</summary>
    /// <param name="utf8">The body, without a byte order mark.</param>
    /// <param name="maxDepth">The deepest nesting of arrays and objects.</param>
    /// <param name="reason">Too deep, not JSON, or not UTF-8.</param>
    public static JsonTree? Parse(ReadOnlyMemory<byte> utf8, int maxDepth, out UnreadableReason reason)
    {
        reason = UnreadableReason.Charset;
        if (!Utf8.IsValid(utf8.Span))
            return null;
        reason = UnreadableReason.NotJson;
        var tree = new JsonTree(utf8);
        try
        {
            if (tree.Read(maxDepth))
                return tree;
            reason = UnreadableReason.TooDeep;
        }
        catch (JsonException)
        {
            // the result reports it
        }
        tree.Dispose();
        return null;
    }

    /// <summary>As written; a string with its quotes.</summary>
    public ReadOnlySpan<byte> Raw(int node) => _source.Span.Slice(_nodes[node].RawStart, _nodes[node].RawLength);

    public ReadOnlyMemory<byte> RawMemory(int node) => _source.Slice(_nodes[node].RawStart, _nodes[node].RawLength);

    /// <summary>A string's value, unescaped; another scalar as written.</summary>
    public ReadOnlySpan<byte> Value(int node) => Text(_nodes[node].ValueStart, _nodes[node].ValueLength);

    /// <summary>The member's name, unescaped; empty if the node is not a member.</summary>
    public ReadOnlySpan<byte> Name(int node) => Text(_nodes[node].NameStart, _nodes[node].NameLength);

    /// <summary>The nodes of all elements or members.</summary>
    public int[] Children(int node)
    {
        var children = new int[_nodes[node].Count];
        var child = node + 1;
        for (var at = 0; at < children.Length; at++, child = _nodes[child].End)
            children[at] = child;
        return children;
    }

    /// <summary>The first member with the name; -1 if none exists.</summary>
    public int Find(int node, ReadOnlySpan<byte> name)
    {
        if (_nodes[node].Kind != JsonKind.Object)
            return -1;
        for (var child = node + 1; child < _nodes[node].End; child = _nodes[child].End)
        {
            if (Name(child).SequenceEqual(name))
                return child;
        }
        return -1;
    }

    public void Dispose()
    {
        if (_nodes.Length > 0 && _isLarge)
            NodePool.Return(_nodes);
        else if (_nodes.Length > 0)
            ArrayPool<JsonNode>.Shared.Return(_nodes);
        if (_unescaped.Length > 0)
            ArrayPool<byte>.Shared.Return(_unescaped);
        _nodes = [];
        _unescaped = [];
    }

    private ReadOnlySpan<byte> Text(int start, int length) =>
        start >= 0 ? _source.Span.Slice(start, length) : _unescaped.AsSpan(~start, length);

    /// <returns>False if it is too deep.</returns>
    private bool Read(int maxDepth)
    {
        var reader = new Utf8JsonReader(_source.Span, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        var parents = new int[maxDepth];
        var depth = 0;
        int nameStart = 0,
            nameLength = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    (nameStart, nameLength) = Unescape(
                        reader.ValueSpan,
                        (int)reader.TokenStartIndex + 1,
                        reader.ValueIsEscaped
                    );
                    continue;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    ref var closed = ref _nodes[parents[--depth]];
                    closed.RawLength = (int)reader.BytesConsumed - closed.RawStart;
                    closed.End = _count;
                    continue;
            }
            if (depth > 0)
                _nodes[parents[depth - 1]].Count++;
            var node = Add(ref reader, nameStart, nameLength);
            nameLength = 0;
            if (_nodes[node].Kind is not (JsonKind.Array or JsonKind.Object))
                continue;
            if (depth == maxDepth)
                return false;
            parents[depth++] = node;
        }
        return true;
    }

    private int Add(ref Utf8JsonReader reader, int nameStart, int nameLength)
    {
        var kind = reader.TokenType switch
        {
            JsonTokenType.StartObject => JsonKind.Object,
            JsonTokenType.StartArray => JsonKind.Array,
            JsonTokenType.String => JsonKind.String,
            JsonTokenType.Number => JsonKind.Number,
            JsonTokenType.True or JsonTokenType.False => JsonKind.Boolean,
            _ => JsonKind.Null,
        };
        var start = (int)reader.TokenStartIndex;
        var (valueStart, valueLength) =
            kind == JsonKind.String
                ? Unescape(reader.ValueSpan, start + 1, reader.ValueIsEscaped)
                : (start, reader.ValueSpan.Length);
        _nodes[_count] = new JsonNode
        {
            Kind = kind,
            RawStart = start,
            RawLength = (int)reader.BytesConsumed - start,
            ValueStart = valueStart,
            ValueLength = valueLength,
            NameStart = nameStart,
            NameLength = nameLength,
            End = _count + 1,
        };
        return _count++;
    }

    private (int Start, int Length) Unescape(ReadOnlySpan<byte> text, int start, bool escaped)
    {
        if (!escaped)
            return (start, text.Length);
        if (_unescaped.Length - _unescapedLength < text.Length) // unescaped text is never longer
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_unescaped.Length * 2, _unescapedLength + text.Length));
            _unescaped.AsSpan(0, _unescapedLength).CopyTo(larger);
            if (_unescaped.Length > 0)
                ArrayPool<byte>.Shared.Return(_unescaped);
            _unescaped = larger;
        }
        var at = _unescapedLength;
        var length = JsonEscapes.Unescape(text, _unescaped.AsSpan(at));
        _unescapedLength += length;
        return (~at, length);
    }
}
