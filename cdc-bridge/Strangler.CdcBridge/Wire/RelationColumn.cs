namespace Strangler.CdcBridge.Wire;

/// <summary>A column of a relation.</summary>
internal sealed record RelationColumn(string Name, uint TypeOid, int TypeModifier, bool InIdentity);
