using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads the settings in <c>Gateway</c> for the source's primary and for the memory of comparisons.</summary>
internal static class SourceConfigReader
{
    public const string Member = "Source";
    public const string IntervalMember = "SourceInterval";
    public const string BytesMember = "ShadowBytes";

    /// <summary>
    /// The maximum interval at which brackets still close: a look takes at most a second, and the wait for a bracket is
    /// one interval and two looks.
    /// </summary>
    internal static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(1);

    private const int PresetBytes = 64 << 20;

    /// <returns>Null if none is configured, or it has a fault.</returns>
    public static SourceModel? Read(IConfigurationSection gateway, List<Fault> faults)
    {
        var interval = Interval(gateway, faults);
        if (gateway[Member] is not { Length: > 0 } text)
            return null;
        var path = $"{gateway.Path}:{Member}";
        const string Way =
            "Write it in Npgsql's format: 'Host=…;Port=…;Username=…;Password=…;Database=…', one host, the source's "
            + "primary, and a login without rights on tables.";
        if (ConnectionText.TryRead(text) is not { } connection)
            faults.Add(ConnectionText.Unreadable(path));
        else if (string.IsNullOrEmpty(connection.Host))
            faults.Add(new Fault(path, "It names no host.", Way));
        else if (connection.Host.Contains(',', StringComparison.Ordinal))
            faults.Add(new Fault(path, "It names several hosts, of which only one is the primary.", Way));
        else if (ConnectionText.FaultOf(path, text) is { } fault)
            faults.Add(fault);
        else
            return new SourceModel(text, interval);
        return null;
    }

    public static int Bytes(IConfigurationSection gateway, List<Fault> faults)
    {
        if (gateway[BytesMember] is not { } text)
            return PresetBytes;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 << 16)
            return value;
        faults.Add(
            new Fault(
                $"{gateway.Path}:{BytesMember}",
                $"'{text}' is not a whole number of at least {1 << 16}.",
                $"Correct it, or leave it out for {PresetBytes}."
            )
        );
        return PresetBytes;
    }

    private static TimeSpan Interval(IConfigurationSection gateway, List<Fault> faults)
    {
        if (gateway[IntervalMember] is not { } text)
            return SourceModel.PresetInterval;
        if (
            text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            && value >= TimeSpan.FromMilliseconds(1)
            && value <= MaxInterval
        )
            return value;
        faults.Add(
            new Fault(
                $"{gateway.Path}:{IntervalMember}",
                $"'{text}' is not a time from 1 millisecond to 1 second.",
                $"Write hours:minutes:seconds, such as 00:00:00.02, or leave it out for {SourceModel.PresetInterval:c}."
            )
        );
        return SourceModel.PresetInterval;
    }
}
