namespace Strangler.CdcBridge.Encoding;

/// <summary>What decides how a type is written.</summary>
/// <param name="Name">As <c>format_type</c> writes it, with its modifier.</param>
/// <param name="BaseOid">The type; of a domain, what it stands on.</param>
/// <param name="ElementOid">Of an array, the type of its elements (of a domain, what it stands on); else 0.</param>
internal sealed record TypeModel(string Name, uint BaseOid, uint ElementOid);
