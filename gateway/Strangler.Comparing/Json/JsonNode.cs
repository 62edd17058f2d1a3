namespace Strangler.Comparing.Json;

/// <summary>
/// One value of a <see cref="JsonTree"/>. Offsets of names and strings below zero are complements of offsets into what
/// was unescaped.
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

    /// <summary>The node behind this one and all below it.</summary>
    public int End;

    /// <summary>Elements or members.</summary>
    public int Count;

    /// <summary>By structure, under the rules of the place; 0: not computed yet.</summary>
    public ulong Hash;
}
