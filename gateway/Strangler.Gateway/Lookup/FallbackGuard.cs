namespace Strangler.Gateway.Lookup;

/// <summary>
/// Bounds how many requests at once go to the call graph because the lookup failed them: a call graph that was relieved
/// of its load may no longer bear all of it. Above the bound a request is refused.
/// </summary>
internal sealed class FallbackGuard(int most)
{
    private int _inside;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= most)
            return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
