namespace Strangler.Gateway.Health;

/// <summary>
/// Whether look-ups are tried. Closed: they are, and failures in a row are counted. Open: none is; only a probe closes
/// the circuit, since an answer to a look-up from before it opened says nothing of now.
/// </summary>
/// <param name="FailureCount">Look-ups in a row that the store did not answer.</param>
/// <param name="OpenSince">The timestamp at which it opened; null: it is closed.</param>
internal readonly record struct CircuitState(int FailureCount, long? OpenSince)
{
    /// <summary>So many look-ups in a row open the circuit.</summary>
    public const int MaxFailures = 3;

    public static CircuitState Closed => default;

    public bool IsOpen => OpenSince is not null;

    /// <summary>The store did not answer a look-up, or not in time.</summary>
    public CircuitState Failed(long timestamp) =>
        this switch
        {
            { IsOpen: true } => this,
            { FailureCount: >= MaxFailures - 1 } => new(FailureCount + 1, timestamp),
            _ => new(FailureCount + 1, null),
        };

    /// <summary>The store answered a look-up.</summary>
    public CircuitState Answered() => IsOpen ? this : Closed;

    /// <summary>A probe, which only an open circuit has, came back.</summary>
    public CircuitState Probed(bool answered) => answered ? Closed : this;
}
