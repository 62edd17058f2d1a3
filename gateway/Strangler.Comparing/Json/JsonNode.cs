namespace Strangler.Comparing.Json;

/// <summary>
/// One value of a <see cref="JsonTree"/>. A negative offset of a name or string is the complement of an offset into the
/// unescaped text.
/// </summary>
internal struct JsonNode
{
    public JsonKind Kind;
    public int RawStart;
    public int RawLength;
    public int ValueStart;
    public int ValueLength;
    public int NameStart;
    public int NameLength;

    /// <summary>The node after this one and everything below it.</summary>
    public int End;

    /// <summary>Elements or members.</summary>
    public int Count;

    /// <summary>By structure, under the rules of its place; 0: not computed yet.</summary>
    public ulong Hash;
}
