namespace Strangler.Gateway.Health;

/// <summary>
/// Whether look-ups are tried. Closed: they are, and consecutive failures are counted. Open: they aren't; only a probe
/// closes the circuit, since an answer to a look-up that was sent before it opened says nothing about the present.
/// </summary>
/// <param name="FailureCount">The number of consecutive look-ups that the store didn't answer.</param>
/// <param name="OpenSince">The timestamp at which it opened. Null if it is closed.</param>
internal readonly record struct CircuitState(int FailureCount, long? OpenSince)
{
    /// <summary>The number of consecutive failures that opens the circuit.</summary>
    public const int MaxFailures = 3;

    public static CircuitState Closed => default;

    public bool IsOpen => OpenSince is not null;

    /// <summary>The store didn't answer a look-up, or not in time.</summary>
    public CircuitState Failed(long timestamp) =>
        this switch
        {
            { IsOpen: true } => this,
            { FailureCount: >= MaxFailures - 1 } => new(FailureCount + 1, timestamp),
            _ => new(FailureCount + 1, null),
        };

    /// <summary>The store answered a look-up.</summary>
    public CircuitState Answered() => IsOpen ? this : Closed;

    /// <summary>A probe, which only an open circuit sends, has ended.</summary>
    public CircuitState Probed(bool answered) => answered ? Closed : this;
}
