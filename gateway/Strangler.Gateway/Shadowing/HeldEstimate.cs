namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Estimates what a comparison of a route will hold, learned from its latest ones: the size of their answers, and the
/// bytes held per byte of an answer. It rises at once and falls slowly, since a comparison with too low an estimate
/// ends undetermined, but one with too high an estimate is only dropped.
/// </summary>
internal sealed class HeldEstimate
{
    /// <summary>
    /// For a route that has compared nothing yet: an answer's copy, its document, and two more of that size.
    /// </summary>
    internal const double First = 4;

    /// <summary>The bytes that the copy of the smallest answer takes.</summary>
    private const int MinBytes = 4 << 10;

    private const int Falls = 16;
    private readonly Lock _lock = new();
    private double _heldPerByte = First;
    private double _length;

    /// <summary>The estimate for a request whose answer hasn't arrived.</summary>
    public long Next
    {
        get
        {
            lock (_lock)
                return (long)(_heldPerByte * _length);
        }
    }

    /// <summary>The estimate for an answer of this length, which counts as the latest one.</summary>
    public long Of(long length)
    {
        length = Math.Max(length, MinBytes);
        lock (_lock)
        {
            _length = _length == 0 ? length : _length + ((length - _length) / Falls);
            return (long)Math.Ceiling(_heldPerByte * length);
        }
    }

    /// <summary>Learns from a comparison that has ended.</summary>
    /// <param name="length">The bytes of its answer.</param>
    /// <param name="held">The maximum bytes that it held, or would have held.</param>
    /// <param name="isCut">Whether it was refused room, so that it would have held more.</param>
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
