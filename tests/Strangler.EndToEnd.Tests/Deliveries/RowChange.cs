namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>One change of a row, as the client that made it knows it.</summary>
/// <param name="Topic">The topic of the row's table.</param>
/// <param name="Key">The row's key, as JSON.</param>
/// <param name="Op">Debezium's letter: r for a row that was there before the snapshot, c, u, d.</param>
/// <param name="Row">The row after it, as PostgreSQL's <c>row_to_json</c> has it; empty for d.</param>
internal sealed record RowChange(string Topic, string Key, string Op, string Row);
