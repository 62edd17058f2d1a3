using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Debezium;

/// <summary>What decides how values are written, besides their type.</summary>
/// <param name="Options">The handling modes.</param>
/// <param name="Decimals">How the JSON converter writes decimals.</param>
/// <param name="IsSnapshot">
/// Whether the row is one of a snapshot, which the connector reads through other Java types than the stream.
/// </param>
internal readonly record struct TypeContext(ValueOptions Options, DecimalFormat Decimals, bool IsSnapshot);
