using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Projections.Configuration;

/// <summary>The projections' configuration.</summary>
/// <param name="ConnectionString">The store.</param>
/// <param name="Source">The source's name, which is Debezium's <c>topic.prefix</c>.</param>
/// <param name="Options">The applier's options.</param>
/// <param name="Moments">The address at which questions about moments are answered; null if none.</param>
internal sealed record ProjectionsConfig(string ConnectionString, string Source, ApplierOptions Options, Uri? Moments)
{
    /// <summary>
    /// The file with the secret that questions about moments carry; null if none is named, and no question is answered.
    /// </summary>
    public string? MomentsSecretFile { get; init; }

    public const string StorePath = Foundation.Store.StoreFault.Path;
    public const string MomentsPath = "Projections:Moments";
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
        var store = configuration[StorePath];
        if (string.IsNullOrWhiteSpace(store))
            faults.Add(
                new(
                    StorePath,
                    "It is missing.",
                    "Give the connection string of the PostgreSQL database that is to hold the log and the documents."
                )
            );
        else if (ConnectionText.FaultOf(StorePath, store) is { } fault)
            faults.Add(fault);
        var source = configuration[SourcePath];
        if (string.IsNullOrWhiteSpace(source))
            faults.Add(new(SourcePath, "It is missing.", "Give the source a name. The topics' names begin with it."));
        return new(
            store ?? "",
            source ?? "",
            defaults with
            {
                KeyLimit = Time(
                    "Projections:KeyLimit",
                    defaults.KeyLimit,
                    TimeSpan.FromMilliseconds(10),
                    TimeSpan.FromMinutes(10)
                ),
                HistoryRetention = Time(
                    "Projections:HistoryRetention",
                    defaults.HistoryRetention,
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromDays(3650)
                ),
                MaxQuarantined = Number("Projections:MaxQuarantined", defaults.MaxQuarantined, 0, 100_000),
            },
            MomentsAddress(configuration, faults)
        )
        {
            MomentsSecretFile = configuration[MomentsSecret.Path],
        };

        TimeSpan Time(string path, TimeSpan otherwise, TimeSpan least, TimeSpan most)
        {
            if (configuration[path] is not { } text)
                return otherwise;
            if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= most)
                return time;
            faults.Add(
                new(
                    path,
                    $"'{text}' is not a time from {least:c} to {most:c}.",
                    $"Write it as [days.]hours:minutes:seconds, as in '{otherwise:c}', or leave it out for that."
                )
            );
            return otherwise;
        }

        int Number(string path, int otherwise, int least, int most)
        {
            if (configuration[path] is not { } text)
                return otherwise;
            if (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most
            )
                return number;
            faults.Add(
                new(
                    path,
                    $"'{text}' is not a whole number from {least} to {most}.",
                    $"Correct it, or leave it out for {otherwise}."
                )
            );
            return otherwise;
        }
    }

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
            && address.IsLoopback
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
