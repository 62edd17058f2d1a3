namespace Strangler.CdcBridge.Configuration;

/// <summary>How dates, times and timestamps are written (<c>time.precision.mode</c>).</summary>
internal enum TimePrecision
{
    /// <summary>Days; milliseconds up to three digits of the column, else microseconds.</summary>
    Adaptive,

    /// <summary>As <see cref="Adaptive"/>, with times always in microseconds.</summary>
    AdaptiveTimeMicroseconds,

    /// <summary>Kafka Connect's own types, in days and milliseconds.</summary>
    Connect,

    /// <summary>ISO 8601 text in UTC.</summary>
    IsoString,

    /// <summary>Days and microseconds.</summary>
    Microseconds,

    /// <summary>Days and nanoseconds.</summary>
    Nanoseconds,
}
