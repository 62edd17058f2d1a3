using Npgsql;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// The slot's <c>catalog_xmin</c>, which events carry if <c>xmin.fetch.interval.ms</c> says how often it is read.
/// </summary>
internal sealed class SlotXmin(NpgsqlDataSource source, string slot, TimeSpan interval, TimeProvider time)
{
    private long? _read;

    /// <summary>Whether it has not been read yet, or not for the interval.</summary>
    public bool IsDue => _read is not { } read || time.GetElapsedTime(read) >= interval;

    public async Task<uint?> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await SlotState.ReadAsync(source, slot, cancellationToken);
        _read = time.GetTimestamp();
        return state?.Xmin;
    }
}
