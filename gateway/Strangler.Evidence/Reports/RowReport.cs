using Strangler.ChangeLog;

namespace Strangler.Evidence.Reports;

/// <summary>A row that the key reached.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Row">JSON text of the declared columns.</param>
/// <param name="Since">The position from which this version is valid.</param>
public sealed record RowReport(string Table, string PrimaryKey, string Row, Position Since);
