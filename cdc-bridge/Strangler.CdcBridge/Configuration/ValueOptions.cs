using System.Collections.Immutable;

namespace Strangler.CdcBridge.Configuration;

/// <summary>How values are written. The defaults are those of Debezium's PostgreSQL connector.</summary>
internal sealed record ValueOptions
{
    /// <summary>Debezium's text for a value that was not sent.</summary>
    public const string DefaultPlaceholder = "__debezium_unavailable_value";

    /// <value><see cref="DecimalHandling.Precise"/>.</value>
    public DecimalHandling Decimals { get; init; }

    /// <value><see cref="TimePrecision.Adaptive"/>.</value>
    public TimePrecision Times { get; init; }

    /// <value><see cref="BinaryHandling.Bytes"/>.</value>
    public BinaryHandling Binary { get; init; }

    /// <value><see cref="HstoreHandling.Json"/>.</value>
    public HstoreHandling Hstore { get; init; }

    /// <value><see cref="IntervalHandling.Numeric"/>.</value>
    public IntervalHandling Intervals { get; init; }

    /// <summary>The digits after the point of money.</summary>
    /// <value>2.</value>
    public int MoneyFractionDigits { get; init; } = 2;

    /// <summary>Whether columns of types that Debezium doesn't know are written, as their text in bytes.</summary>
    public bool IncludesUnknownTypes { get; init; }

    /// <summary>Stands for a value that was not sent (<c>unavailable.value.placeholder</c>).</summary>
    public ImmutableArray<byte> Placeholder { get; init; } =
    [.. System.Text.Encoding.UTF8.GetBytes(DefaultPlaceholder)];
}
