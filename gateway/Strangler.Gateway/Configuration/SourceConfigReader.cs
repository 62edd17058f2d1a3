using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
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
        var interval = new SectionValues(gateway, faults).Time(
            IntervalMember,
            SourceModel.PresetInterval,
            TimeSpan.FromMilliseconds(1),
            MaxInterval
        );
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

    public static int Bytes(SectionValues gateway) => gateway.Number(BytesMember, PresetBytes, 1 << 16, int.MaxValue);
}
