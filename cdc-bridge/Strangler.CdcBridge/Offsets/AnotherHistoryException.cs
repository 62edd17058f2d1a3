namespace Strangler.CdcBridge.Offsets;

/// <summary>The source has another history than the log.</summary>
internal sealed class AnotherHistoryException(HistoryDifference difference) : Exception(difference.ToString())
{
    public HistoryDifference Difference { get; } = difference;
}
