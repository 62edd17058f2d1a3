namespace Strangler.Gateway.Shadowing;

/// <summary>
/// What a comparison of a route will hold, learnt from its latest ones: how large their answers were, and how many
/// bytes were held for a byte of an answer. It rises at once and falls slowly, since what is expected too low ends
/// undetermined, and what is expected too high is only dropped.
/// </summary>
internal sealed class HeldEstimate
{
    /// <summary>
    /// Of a route that has compared nothing yet: an answer's copy, its document, and two more of them.
    /// </summary>
    internal const double First = 4;

    /// <summary>What the copy of the smallest answer takes.</summary>
    private const int MinBytes = 4 << 10;

    private const int Falls = 16;
    private readonly Lock _lock = new();
    private double _heldPerByte = First;
    private double _length;

    /// <summary>Of a request whose answer has not come.</summary>
    public long Next
    {
        get
        {
            lock (_lock)
                return (long)(_heldPerByte * _length);
        }
    }

    /// <summary>Of an answer of so many bytes, which counts as the latest one.</summary>
    public long Of(long length)
    {
        length = Math.Max(length, MinBytes);
        lock (_lock)
        {
            _length = _length == 0 ? length : _length + ((length - _length) / Falls);
            return (long)Math.Ceiling(_heldPerByte * length);
        }
    }

    /// <summary>A comparison has ended.</summary>
    /// <param name="length">The bytes of its answer.</param>
    /// <param name="held">The most bytes that it held, or would have held.</param>
    /// <param name="isCut">There was no room, so that it would have held more.</param>
    public void Learn(long length, long held, bool isCut)
    {
        var perByte = (double)held / Math.Max(length, MinBytes);
        lock (_lock)
        {
            if (perByte > _heldPerByte)
                _heldPerByte = perByte;
            else if (!isCut)
                _heldPerByte += (perByte - _heldPerByte) / Falls;
        }
    }
}
