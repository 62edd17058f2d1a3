namespace Strangler.Comparing.Differences;

/// <summary>
/// What a comparison may spend on finding out which elements belong together. When it is gone, elements are paired from
/// their beginning, and every difference is still found.
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
