namespace Strangler.Gateway.Lookup;

/// <summary>
/// Counts a route's calls of Respond that overran their limit and haven't returned. Several of them mean that the code
/// hangs, not that it was slow once.
/// </summary>
internal sealed class RespondGuard
{
    /// <summary>The number at which the route is put back to the call graph.</summary>
    public const int MaxStuck = 3;

    private int _stuck;

    public int Stuck => Volatile.Read(ref _stuck);

    public bool Tripped => Stuck >= MaxStuck;

    public void Enter() => Interlocked.Increment(ref _stuck);

    public void Leave() => Interlocked.Decrement(ref _stuck);
}
