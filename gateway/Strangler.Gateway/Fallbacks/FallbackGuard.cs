namespace Strangler.Gateway.Fallbacks;

/// <summary>
/// Limits how many requests at once go to the call graph because the lookup failed them: a call graph without its
/// former load may no longer be able to carry all of it. Requests above the limit are refused.
/// </summary>
internal sealed class FallbackGuard(int max)
{
    private int _inside;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= max)
            return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
