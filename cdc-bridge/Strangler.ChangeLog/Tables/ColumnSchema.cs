namespace Strangler.ChangeLog.Tables;

/// <summary>A column of a source table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as PostgreSQL's <c>format_type</c> writes it: <c>numeric(10,2)</c>.</param>
/// <param name="TypeOid">The object id of its type, or of a domain's base type.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="KeyOrdinal">Its index in the key from 0; null if it is not part of it.</param>
public sealed record ColumnSchema(string Name, string Type, uint TypeOid, bool Nullable, int? KeyOrdinal);
