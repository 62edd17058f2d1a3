using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>Checks what a gateway needs without starting anything.</summary>
public static class GatewayCheck
{
    /// <summary>The setting that names the file in which the stages are kept.</summary>
    public const string StagesFile = GatewayConfigReader.StagesFilePath;

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="responders">The projections. Null if they couldn't be loaded; they aren't checked then.</param>
    /// <returns>All faults of the configuration at once. Empty if a gateway would start with it.</returns>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration, IReadOnlyList<IResponder>? responders) =>
        GatewayConfigReader.Read(configuration, responders).Faults;

    /// <summary>
    /// Whether a route can be answered from documents. Otherwise the gateway is a plain proxy, which needs neither a
    /// store nor projections.
    /// </summary>
    public static bool NeedsDocuments(IConfiguration configuration) =>
        GatewayConfigReader.NamesProjection(configuration);

    /// <summary>What a person should know of. A gateway starts with it.</summary>
    public static IReadOnlyList<Fault> Warnings(IConfiguration configuration)
    {
        var warnings = GatewayConfigReader.ProxyWarnings(configuration);
        return GatewayConfigReader.UnsourcedRoutes(configuration) is not [_, ..] routes
            ? warnings
            :
            [
                .. warnings,
                new Fault(
                    SourceCheck.Path,
                    $"It is not set, and {string.Join(", ", routes.Select(route => $"'{route}'"))} may be answered "
                        + "from documents, whose age is then measured by clocks alone. If clocks differ, a backlog "
                        + "looks younger than it is. A source that was restored to an older state or failed over "
                        + "isn't recognized as a different one until the bridge has connected to it.",
                    "Set it to the connection string of the source's primary, "
                        + "with a login that needs no rights on tables."
                ),
            ];
    }

    /// <summary>
    /// How the source's clock differs from this machine's. Null if they agree, or if the source can't be reached.
    /// </summary>
    public static async Task<string?> ClockAsync(IConfiguration configuration, CancellationToken cancellationToken) =>
        GatewayConfigReader.SourceOf(configuration) is { } source
            ? (await SourceCheck.ClockAsync(source, TimeProvider.System, cancellationToken))?.Sentence
            : null;

    /// <summary>
    /// Why documents in the store aren't served, or wouldn't be by a gateway that is started the way this process was.
    /// Empty if the store doesn't answer.
    /// </summary>
    public static async Task<IReadOnlyList<string>> BuildsAsync(
        IReadOnlyList<IResponder> responders,
        IAnswers answers,
        CancellationToken cancellationToken
    )
    {
        var sentences = new List<string>();
        try
        {
            foreach (var responder in responders)
            {
                var name = responder.Projection.Name;
                var found = BuildTrouble.Sentences(
                    responder,
                    await answers.BuildAsync(name, cancellationToken),
                    BuildObserver.Check
                );
                sentences.AddRange(found.Select(sentence => $"{name}: {sentence}"));
            }
        }
        catch (AnswersUnavailableException) { } // the store's own check reports this
        return sentences;
    }

    /// <summary>
    /// The same faults, and in addition: routes whose configuration shows that callers identify themselves, and, where
    /// a route can be compared, whether the source's primary can be reached and is the one whose changes are read. A
    /// gateway with such faults starts, but compares nothing, compares with the wrong source, or compares for a gate
    /// that stays closed.
    /// </summary>
    /// <param name="system">
    /// The system identifier of the cluster whose changes are read. Null if it isn't known; any cluster is accepted
    /// then.
    /// </param>
    public static async Task<IReadOnlyList<Fault>> CheckAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        string? system,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Fault> faults =
        [
            .. Check(configuration, responders),
            .. GatewayConfigReader.AccessFaults(configuration, responders),
        ];
        return
            GatewayConfigReader.SourceOf(configuration) is { } source
            && await SourceCheck.FaultAsync(source, system, cancellationToken) is { } fault
            ? [.. faults, fault]
            : faults;
    }
}
