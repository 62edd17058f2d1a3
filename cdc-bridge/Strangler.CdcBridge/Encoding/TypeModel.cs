namespace Strangler.CdcBridge.Encoding;

/// <summary>What decides how values of a type are written.</summary>
/// <param name="Name">As <c>format_type</c> writes it, with its modifier.</param>
/// <param name="BaseOid">The type, or a domain's base type.</param>
/// <param name="ElementOid">For an array, its element type (or that domain's base type); else 0.</param>
internal sealed record TypeModel(string Name, uint BaseOid, uint ElementOid)
{
    /// <summary>The base type's name without a schema: <c>int4</c>, <c>_int4</c>, <c>hstore</c>.</summary>
    public string BaseName { get; init; } = "";

    /// <summary>The element type's name without a schema; empty for a type that isn't an array.</summary>
    public string ElementName { get; init; } = "";

    /// <summary>
    /// The column's modifier, or that of the first domain which has one; -1 for none (<c>atttypmod</c>).
    /// </summary>
    public int Modifier { get; init; } = -1;

    /// <summary>The labels of an enum, or of an array's enum, in their order; empty for other types.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether the column's type is a domain.</summary>
    public bool IsDomain { get; init; }

    /// <summary>Whether the elements of an array are of a domain.</summary>
    public bool HasDomainElements { get; init; }
}
