using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>A row that a key reaches.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Row">JSON text of the declared columns.</param>
/// <param name="Since">The position from which this version holds.</param>
public sealed record ExplainedRow(string Table, string PrimaryKey, string Row, Position Since);
