namespace Strangler.CdcBridge.Schema;

/// <summary>What decides how values of a type are written.</summary>
/// <param name="Name">As <c>format_type</c> writes it, with its modifier.</param>
/// <param name="BaseOid">The type, or a domain's base type.</param>
/// <param name="ElementOid">For an array, its element type (or that domain's base type); else 0.</param>
internal sealed record TypeModel(string Name, uint BaseOid, uint ElementOid);
