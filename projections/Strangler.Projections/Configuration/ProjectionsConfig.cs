using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Foundation.Store;

namespace Strangler.Projections.Configuration;

/// <summary>The projections' configuration.</summary>
/// <param name="ConnectionString">The store.</param>
/// <param name="Source">The source's name, which is Debezium's <c>topic.prefix</c>.</param>
/// <param name="Options">The applier's options.</param>
/// <param name="Moments">The address at which questions about moments are answered; null if none.</param>
internal sealed record ProjectionsConfig(string ConnectionString, string Source, ApplierOptions Options, Uri? Moments)
{
    /// <summary>Where the configuration names the store's login.</summary>
    public required string StorePath { get; init; }

    /// <summary>
    /// The file with the secret that questions about moments carry; null if none is named, and no question is answered.
    /// </summary>
    public string? MomentsSecretFile { get; init; }

    public const string MomentsPath = "Projections:Moments";
    private const string Part = "Projections";
    private const string SourcePath = "Source:topic.prefix";

    /// <exception cref="FaultException">Everything that is wrong, together.</exception>
    public static ProjectionsConfig Read(IConfiguration configuration)
    {
        var faults = new List<Fault>();
        var config = Read(configuration, faults);
        return faults.Count == 0 ? config : throw new FaultException(faults);
    }

    /// <summary>Reads the configuration and adds its faults.</summary>
    public static ProjectionsConfig Read(IConfiguration configuration, List<Fault> faults)
    {
        var defaults = new ApplierOptions();
        var store = StoreSection.Read(configuration, faults, Part);
        var source = configuration[SourcePath];
        if (string.IsNullOrWhiteSpace(source))
            faults.Add(new(SourcePath, "It is missing.", "Give the source a name. The topics' names begin with it."));
        var values = new SectionValues(configuration.GetSection("Projections"), faults);
        LogOptionsReader.Read(configuration, faults);
        KafkaOptionsReader.Read(configuration, faults);
        LoadLimit(configuration, faults);
        MetricsAddress.Read(configuration, "Projections", faults);
        return new(
            store,
            source ?? "",
            defaults with
            {
                KeyLimit = values.Time(
                    "KeyLimit",
                    defaults.KeyLimit,
                    TimeSpan.FromMilliseconds(10),
                    TimeSpan.FromMinutes(10)
                ),
                HistoryRetention = values.Time(
                    "HistoryRetention",
                    defaults.HistoryRetention,
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(3650)
                ),
                MaxQuarantined = values.Number("MaxQuarantined", defaults.MaxQuarantined, 0, 100_000),
            },
            MomentsAddress(configuration, faults)
        )
        {
            StorePath = StoreSection.PathOf(configuration, Part),
            MomentsSecretFile = configuration[MomentsSecret.Path],
        };
    }

    /// <summary>How long loading the team's assemblies may take; the default if its value is faulty.</summary>
    public static TimeSpan LoadLimit(IConfiguration configuration, List<Fault> faults) =>
        new SectionValues(configuration.GetSection("Projections"), faults).Time(
            "LoadLimit",
            TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMinutes(10)
        );

    /// <summary>
    /// The address at which questions about moments are answered; null if none is configured or its value is faulty.
    /// </summary>
    public static Uri? MomentsAddress(IConfiguration configuration, List<Fault> faults)
    {
        if (configuration[MomentsPath] is not { Length: > 0 } text)
            return null;
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttp
            && LoopbackGuard.IsLoopback(address)
            && address.PathAndQuery == "/"
        )
            return address;
        faults.Add(
            new(
                MomentsPath,
                $"'{text}' is not the address of a port of this machine.",
                "Write it as 'http://127.0.0.1:8082', or leave it out if no gateway compares."
            )
        );
        return null;
    }
}
