using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Cultures;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Gateway;
using Strangler.Projections;

namespace Strangler.Cli.Commands;

/// <summary>
/// <c>strangler check</c>: reports all faults of a configuration and of what it refers to, and starts nothing.
/// </summary>
internal static class CheckCommand
{
    private static readonly Option<bool> ConfigurationOnly = new("--configuration-only")
    {
        Description =
            "Check only the configuration: no server is contacted, and assemblies that cannot be loaded are not "
            + "counted. This is what ends 'strangler up'.",
    };

    /// <summary>The parts' own logins in the store, and the rooms whose tables each one writes.</summary>
    private static readonly (string Path, IReadOnlyList<StoreSchema> Rooms)[] Logins =
    [
        ("Store:BridgeConnectionString", [EmbeddedLogSchema.Value, BridgeSchema.Value]),
        ("Store:ProjectionsConnectionString", [ProjectionsSchema.Value]),
        ("Store:GatewayConnectionString", [GatewaySchema.Value]),
    ];

    public static Command Create()
    {
        var command = new Command(
            "check",
            "Checks a configuration and what it refers to, without starting or changing anything."
        )
        {
            ConfigurationOnly,
            CommonOptions.Config,
            CommonOptions.Urls,
            BridgeConfiguration.Kafka,
            BridgeConfiguration.Worker,
        };
        command.SetAction(parsed =>
            CommandRun.OnceAsync(cancellationToken =>
                RunAsync(
                    parsed.GetRequiredValue(CommonOptions.Config),
                    CommonOptions.WithUrls(parsed, BridgeConfiguration.Read(parsed)),
                    parsed.GetValue(ConfigurationOnly),
                    cancellationToken
                )
            )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<string> files,
        IConfigurationRoot configuration,
        bool configurationOnly,
        CancellationToken cancellationToken
    )
    {
        var isOfConnector = BridgeCheck.IsOfConnector(configuration);
        var parts = EnabledParts.Of(configuration);
        if (configurationOnly)
            return Say(files, configuration, parts, OfConfiguration(configuration, parts, isOfConnector));
        var faults = isOfConnector
            ? await OfConnectorAsync(configuration, cancellationToken)
            : await OfAllPartsAsync(configuration, parts, cancellationToken);
        if (faults.Count == 0 && parts.NeedsDocuments)
            await SayBuildsAsync(configuration, parts, cancellationToken);
        var encoding =
            faults.Count == 0 && parts.HasBridge
                ? await BridgeCheck.EncodingWarningAsync(configuration, cancellationToken)
                : null;
        return Say(files, configuration, parts, faults, encoding is null ? null : $"warning: {encoding}");
    }

    /// <summary>Each part is asked for its own sections only.</summary>
    private static async Task<List<Fault>> OfAllPartsAsync(
        IConfiguration configuration,
        EnabledParts parts,
        CancellationToken cancellationToken
    ) =>
        [
            .. Nothing(parts),
            .. parts.UsesStore ? await GatherAsync(() => StoreFaultsAsync(configuration, cancellationToken)) : [],
            .. await LoginFaultsAsync(configuration, cancellationToken),
            .. parts.HasBridge ? await GatherAsync(() => BridgeAsync(configuration, cancellationToken)) : [],
            .. parts.HasProjections || parts.NeedsDocuments
                ? await GatherAsync(() => ProjectionsAsync(configuration, parts, cancellationToken))
                : [],
            .. parts.HasGateway
                ? await GatherAsync(() => GatewayCheckAsync(configuration, parts, cancellationToken))
                : [],
        ];

    private static IEnumerable<Fault> Nothing(EnabledParts parts) =>
        parts.Names.Count == 0
            ?
            [
                new Fault(
                    "ReverseProxy",
                    "The configuration enables nothing: it has none of the sections 'ReverseProxy', 'Gateway', "
                        + "'Source' and 'Projections'.",
                    "Add routes and clusters under 'ReverseProxy', or name another file with --config."
                ),
            ]
            : [];

    private static async Task<IReadOnlyList<Fault>> ProjectionsAsync(
        IConfiguration configuration,
        EnabledParts parts,
        CancellationToken cancellationToken
    ) =>
        await ProjectionsCheck.CheckAsync(
            configuration,
            parts.HasBridge ? await BridgeCheck.TablesAsync(configuration, cancellationToken) : null,
            cancellationToken
        );

    /// <summary>Events in a connector's format have no readers here, and its bridge needs no store.</summary>
    private static async Task<List<Fault>> OfConnectorAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    ) =>
        [
            .. configuration[StoreSection.Path] is { Length: > 0 }
                ? await GatherAsync(() => StoreFaultsAsync(configuration, cancellationToken))
                : [],
            .. await GatherAsync(() => BridgeAsync(configuration, cancellationToken)),
        ];

    private static int Say(
        IReadOnlyList<string> files,
        IConfigurationRoot configuration,
        EnabledParts parts,
        IEnumerable<Fault> faults,
        string? warning = null
    )
    {
        FaultLines.Warn(Console.Error, SecretFiles.Warnings(files, configuration));
        var distinct = faults.Distinct().ToList();
        if (distinct.Count > 0)
            throw new FaultException(distinct);
        foreach (var warned in GatewayCheck.Warnings(configuration))
            Console.WriteLine($"warning: {warned}");
        foreach (var name in BridgeCheck.WithoutEffect(configuration))
            Console.WriteLine($"notice: The property '{name}' has no effect here.");
        if (warning is not null)
            Console.WriteLine(warning);
        if (parts.HasGateway)
            Console.WriteLine(EnabledSummary.Of(configuration, parts));
        Console.WriteLine(
            $"{string.Join(", ", files.Select(Path.GetFullPath))}: no faults. Cultures: {CultureData.Name}."
        );
        return ExitCode.Success;
    }

    /// <summary>
    /// Faults that can be found without contacting anything. An assembly is the team's code, not the configuration: the
    /// gateway serves without it.
    /// </summary>
    private static List<Fault> OfConfiguration(IConfiguration configuration, EnabledParts parts, bool isOfConnector) =>
        isOfConnector
            ? [.. BridgeCheck.Check(configuration)]
            :
            [
                .. Nothing(parts),
                .. parts.HasBridge ? BridgeCheck.Check(configuration) : [],
                .. parts.HasProjections ? ProjectionsCheck.Check(configuration) : [],
                .. parts.HasGateway ? GatewayCheck.Check(configuration, Responders(configuration, parts)) : [],
            ];

    private static async Task<IReadOnlyList<Fault>> GatewayCheckAsync(
        IConfiguration configuration,
        EnabledParts parts,
        CancellationToken cancellationToken
    )
    {
        if (await GatewayCheck.ClockAsync(configuration, cancellationToken) is { } clock)
            Console.WriteLine($"warning: {clock}");
        return await GatewayCheck.CheckAsync(
            configuration,
            Responders(configuration, parts),
            parts.HasBridge ? await BridgeCheck.SystemAsync(configuration, cancellationToken) : null,
            cancellationToken
        );
    }

    private static async Task SayBuildsAsync(
        IConfiguration configuration,
        EnabledParts parts,
        CancellationToken cancellationToken
    )
    {
        await using var store = StoreAnswers.Pool(StoreSection.Require(configuration));
        var answers = new StoreAnswers(store, TimeProvider.System)
        {
            VerificationSql = EmbeddedChangeLog.VerificationSql,
        };
        var responders = Responders(configuration, parts) ?? [];
        var sentences = await GatewayCheck.BuildsAsync(responders, answers, cancellationToken);
        foreach (var sentence in sentences)
            Console.WriteLine($"warning: {sentence}");
    }

    /// <summary>A room whose check fails reports that as a fault like the others.</summary>
    private static async Task<IReadOnlyList<Fault>> GatherAsync(Func<Task<IReadOnlyList<Fault>>> check)
    {
        try
        {
            return await check();
        }
        catch (FaultException exception)
        {
            return exception.Faults;
        }
    }

    private static async Task<IReadOnlyList<Fault>> BridgeAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        foreach (var warning in await BridgeCheck.WarningsAsync(configuration, cancellationToken))
            Console.WriteLine($"warning: {warning}");
        return await BridgeCheck.CheckAsync(configuration, cancellationToken);
    }

    private static async Task<IReadOnlyList<Fault>> StoreFaultsAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        var connection = StoreSection.Require(configuration);
        await using var store = NpgsqlDataSource.Create(connection);
        try
        {
            var faults = new List<Fault>();
            foreach (var room in MigrateCommand.Rooms)
            {
                if (await StoreMigration.FaultAsync(store, room, cancellationToken) is { } fault)
                    faults.Add(fault);
            }
            return faults;
        }
        catch (NpgsqlException exception) when (DatabaseFault.Of(exception, StoreSection.Path, connection) is { } fault)
        {
            return [fault];
        }
    }

    /// <summary>A part with its own login uses that one, and not the owner's.</summary>
    private static async Task<IEnumerable<Fault>> LoginFaultsAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        var looks =
            from login in Logins
            let connection = configuration[login.Path]
            where !string.IsNullOrEmpty(connection)
            select StoreLogin.FaultAsync(login.Path, connection, login.Rooms, cancellationToken);
        return (await Task.WhenAll(looks)).OfType<Fault>();
    }

    /// <summary>
    /// Without the projections the gateway's own faults can still be found; the projections' faults were reported by
    /// their check.
    /// </summary>
    private static IReadOnlyList<IResponder>? Responders(IConfiguration configuration, EnabledParts parts)
    {
        if (!parts.NeedsDocuments)
            return [];
        try
        {
            return ProjectionAssemblies.Load(configuration);
        }
        catch (FaultException)
        {
            return null;
        }
    }
}
