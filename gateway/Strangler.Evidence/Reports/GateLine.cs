namespace Strangler.Evidence.Reports;

/// <summary>A rule of the gate.</summary>
/// <param name="Rule">
/// Its name: <c>evidence</c>, <c>wrong</c>, <c>anonymous</c>, <c>headers</c>, <c>min-matches</c>, <c>min-keys</c>,
/// <c>max-unproven</c>, <c>max-lost</c>, <c>min-coverage</c>, <c>max-unseen</c>, <c>max-unclear</c>, <c>min-time</c>,
/// <c>max-lag</c>, <c>max-mismatch-rate</c>.
/// </param>
/// <param name="Kept">Whether it is kept.</param>
/// <param name="Found">The finding, in words.</param>
/// <param name="WayOut">What would help; empty if it is kept.</param>
public sealed record GateLine(string Rule, bool Kept, string Found, string WayOut);
