namespace Strangler.ChangeLog;

/// <summary>How much a page may hold. A single record larger than <paramref name="Bytes"/> is returned alone.</summary>
public readonly record struct LogReadLimit(int Records, long Bytes)
{
    /// <value>5,000 records, 16 MiB.</value>
    public static LogReadLimit Default => new(5_000, 16 << 20);
}
