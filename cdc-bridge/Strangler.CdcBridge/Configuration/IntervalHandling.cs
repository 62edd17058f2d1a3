namespace Strangler.CdcBridge.Configuration;

/// <summary>How values of interval are written (<c>interval.handling.mode</c>).</summary>
internal enum IntervalHandling
{
    /// <summary>Microseconds, with months of 30.4375 days.</summary>
    Numeric,

    /// <summary>ISO 8601 text: <c>P1Y2M3DT4H5M6.78S</c>.</summary>
    String,
}
