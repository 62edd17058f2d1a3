namespace Strangler.Comparing.Differences;

/// <summary>
/// What a comparison may spend on finding which elements belong together. Once it is spent, elements are paired from
/// the start, and every difference is still found.
/// </summary>
internal sealed class Effort(int left)
{
    private int _left = left;

    public bool TrySpend(long steps)
    {
        if (steps > _left)
            return false;
        _left -= (int)steps;
        return true;
    }
}
