using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>A refusal of the admin API.</summary>
public sealed record AdminProblem(int Status, IReadOnlyList<Fault> Faults);
