namespace Strangler.Projections.Moments;

/// <summary>
/// Reads an answer into memory that it reserves from a budget first. Disposing it returns the reservation.
/// </summary>
internal sealed class BudgetedBuffer(IByteBudget? budget, long maxBytes) : IDisposable
{
    private const int FirstBytes = 16 << 10;
    private byte[] _bytes = [];
    private int _length;
    private long _taken;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <exception cref="MomentsUnavailableException">The budget has no room, or the answer is too large.</exception>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _bytes.Length)
                Grow();
            var read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
        }
    }

    /// <summary>Reserves memory for objects made from the bytes.</summary>
    /// <exception cref="MomentsUnavailableException">The budget has no room.</exception>
    public void Take(long bytes)
    {
        if (budget is null)
            return;
        if (!budget.TryTake(bytes))
            throw new MomentsUnavailableException("No memory is left for the projections' answer.");
        _taken += bytes;
    }

    public void Dispose()
    {
        budget?.Give(_taken);
        _taken = 0;
    }

    /// <summary>Both arrays exist while one is copied to the other.</summary>
    private void Grow()
    {
        var wanted = Math.Min(Math.Max(FirstBytes, 2L * _bytes.Length), maxBytes);
        if (wanted <= _length)
            throw new MomentsUnavailableException($"The projections' answer has more than {maxBytes} bytes.");
        Take(wanted);
        var old = _bytes.Length;
        Array.Resize(ref _bytes, (int)wanted);
        budget?.Give(old);
        if (budget is not null)
            _taken -= old;
    }
}
