namespace Strangler.Evidence.Reports;

/// <summary>Whether the route may change to <c>lookup</c> by what is known now.</summary>
/// <param name="Ready">Whether every rule is kept.</param>
/// <param name="Rules">Every rule, kept or not.</param>
public sealed record GateReport(bool Ready, IReadOnlyList<GateLine> Rules);
