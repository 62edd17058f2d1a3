using System.Buffers;
using Strangler.Comparing.Verdicts;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// A copy of an answer's body, made as it passes. It holds pooled segments within the route's limit and its
/// comparison's room. Above either it releases everything and only remembers why. Writes after disposal aren't kept.
/// </summary>
/// <param name="max">The maximum number of bytes.</param>
/// <param name="held">The memory of its comparison.</param>
internal sealed class AnswerCopy(int max, HeldBytes held) : IDisposable
{
    private const int MinSegmentBytes = 4 << 10;
    private const int MaxSegmentBytes = 64 << 10;
    private readonly Lock _lock = new();
    private readonly List<byte[]> _segments = [];
    private int _inLast;
    private int _length;
    private int _taken;

    /// <summary>Why there is no copy. Null if there is one.</summary>
    public IncomparableReason? Missing { get; private set; }

    /// <summary>Called once, when it turns out while the answer passes that there will be no copy.</summary>
    public Action? GivenUp { private get; set; }

    /// <summary>Whether there was no room.</summary>
    public bool NoMemory { get; private set; }

    public bool Copies => Missing is null && !NoMemory;

    /// <summary>The number of bytes copied so far.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var isTooLarge = false;
        lock (_lock)
        {
            if (!Copies || bytes.IsEmpty)
                return;
            isTooLarge = bytes.Length > max - _length;
            if (!isTooLarge)
                AppendHere(bytes);
        }
        if (isTooLarge)
            GiveUp(IncomparableReason.TooLarge);
    }

    /// <summary>Gives up the copy.</summary>
    public void GiveUp(IncomparableReason reason)
    {
        Action? given;
        lock (_lock)
        {
            Missing ??= reason;
            LetGo();
            (given, GivenUp) = (GivenUp, null);
        }
        given?.Invoke();
    }

    /// <summary>
    /// The whole copy in one piece. The segments are returned. The caller must have room for both meanwhile.
    /// </summary>
    public byte[] Take()
    {
        lock (_lock)
        {
            var whole = GC.AllocateUninitializedArray<byte>(_length);
            var at = 0;
            foreach (var segment in _segments)
            {
                var take = Math.Min(segment.Length, _length - at);
                segment.AsSpan(0, take).CopyTo(whole.AsSpan(at));
                at += take;
            }
            ReturnSegments();
            held.Give(_taken - _length);
            _taken = _length;
            return whole;
        }
    }

    public void Dispose() => GiveUp(IncomparableReason.CutOff);

    private void AppendHere(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_segments.Count == 0 || _inLast == _segments[^1].Length)
            {
                if (!TryAddSegment(bytes.Length))
                    return;
            }
            var take = Math.Min(bytes.Length, _segments[^1].Length - _inLast);
            bytes[..take].CopyTo(_segments[^1].AsSpan(_inLast));
            _inLast += take;
            bytes = bytes[take..];
        }
    }

    private bool TryAddSegment(int wanted)
    {
        var segment = ArrayPool<byte>.Shared.Rent(
            Math.Clamp(Math.Max(wanted, _length / 2), MinSegmentBytes, MaxSegmentBytes)
        );
        if (!held.TryTake(segment.Length))
        {
            ArrayPool<byte>.Shared.Return(segment);
            NoMemory = true;
            LetGo();
            return false;
        }
        _taken += segment.Length;
        _segments.Add(segment);
        _inLast = 0;
        return true;
    }

    private void LetGo()
    {
        ReturnSegments();
        held.Give(_taken);
        _taken = _length = 0;
    }

    private void ReturnSegments()
    {
        foreach (var segment in _segments)
            ArrayPool<byte>.Shared.Return(segment);
        _segments.Clear();
    }
}
