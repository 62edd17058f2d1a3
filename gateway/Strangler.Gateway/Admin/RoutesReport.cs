namespace Strangler.Gateway.Admin;

/// <summary>All routes with a <c>Strangler</c> section.</summary>
/// <param name="StoreTrouble">Why the stages can't be read from the store now. Null if they can.</param>
public sealed record RoutesReport(IReadOnlyList<RouteReport> Routes, string? StoreTrouble)
{
    /// <summary>
    /// The parts of the system, as <c>strangler up</c> reports them. Empty if nothing reports them to this gateway.
    /// </summary>
    public IReadOnlyList<PartState> Parts { get; init; } = [];

    /// <summary>What is wrong with this gateway itself, though it serves, and which routes were put back.</summary>
    public IReadOnlyList<string> GatewayFaults { get; init; } = [];
}
