namespace Strangler.Gateway.Admin;

/// <summary>
/// The states of the parts of the system as reported to this gateway, and its own faults that don't prevent it from
/// serving. Empty if nothing reports them.
/// </summary>
public sealed class PartStates
{
    private volatile IReadOnlyList<PartState> _told = [];
    private volatile IReadOnlyList<string> _own = [];

    /// <summary>The parts as last reported.</summary>
    public IReadOnlyList<PartState> Parts => _told;

    /// <summary>What is wrong with this gateway itself, a sentence each.</summary>
    public IReadOnlyList<string> GatewayFaults => _own;

    /// <summary>Takes a line of <see cref="PartState.ToLine"/>. Other lines are ignored.</summary>
    public void Hear(string line)
    {
        if (PartState.FromLine(line) is { } states)
            _told = states;
    }

    /// <summary>Sets what is wrong with this gateway itself.</summary>
    public void SetGatewayFaults(IReadOnlyList<string> faults) => _own = faults;
}
