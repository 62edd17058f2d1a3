namespace Strangler.Gateway.Admin;

/// <summary>
/// What this gateway has been told of the parts of its system, and the faults of its own that do not keep it from
/// serving. Empty where nobody tells it.
/// </summary>
public sealed class PartStates
{
    private volatile IReadOnlyList<PartState> _told = [];
    private volatile IReadOnlyList<string> _own = [];

    /// <summary>The parts as they were told last.</summary>
    public IReadOnlyList<PartState> Parts => _told;

    /// <summary>What is wrong with this gateway itself, a sentence each.</summary>
    public IReadOnlyList<string> GatewayFaults => _own;

    /// <summary>Takes a line of <see cref="PartState.ToLine"/>; any other line says nothing.</summary>
    public void Hear(string line)
    {
        if (PartState.FromLine(line) is { } states)
            _told = states;
    }

    /// <summary>Sets what is wrong with this gateway itself.</summary>
    public void SetGatewayFaults(IReadOnlyList<string> faults) => _own = faults;
}
