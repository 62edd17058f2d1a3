using Strangler.Evidence;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Fallbacks;

/// <summary>
/// Limits how many requests of a route go to legacy because the lookup couldn't answer them: at once, in a second, and
/// while legacy fails. A call graph that no longer carries the full load may have been scaled down.
/// </summary>
internal sealed class FallbackBudget(FallbackModel limits, TimeProvider time)
{
    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();
    private readonly TokenBucket? _tokens = limits.MaxPerSecond > 0 ? new(limits.MaxPerSecond, time) : null;
    private readonly Lock _lock = new();
    private FallbackCircuit _circuit;
    private int _inside;

    public FallbackModel Limits => limits;

    public bool IsCircuitOpen
    {
        get
        {
            lock (_lock)
                return _circuit.IsOpen;
        }
    }

    public FallbackEntry Enter()
    {
        lock (_lock)
        {
            if (!_circuit.Admits(Now))
                return new FallbackEntry.Refused(FallbackLimit.Circuit, limits.RetryAfter);
            if (_inside >= limits.MaxConcurrent)
                return new FallbackEntry.Refused(FallbackLimit.Concurrent, Shortly);
            if (_tokens?.TryTake() is false)
                return new FallbackEntry.Refused(FallbackLimit.PerSecond, Shortly);
            _inside++;
            _circuit = _circuit.Entered();
            return new FallbackEntry.Admitted(_circuit.IsTrying);
        }
    }

    /// <returns>Whether the circuit has opened (true) or closed (false) by it. Null: neither.</returns>
    public bool? Leave(FallbackEntry.Admitted entry, FallbackEnd end)
    {
        lock (_lock)
        {
            _inside--;
            var wasOpen = _circuit.IsOpen;
            _circuit = _circuit.Ended(end, entry.IsTrial, limits, Now);
            return _circuit.IsOpen == wasOpen ? null : !wasOpen;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_began);
}
