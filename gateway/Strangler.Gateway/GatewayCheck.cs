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
    /// <param name="configuration">The whole of it.</param>
    /// <param name="responders">The projections; null: they could not be loaded, and nothing is said of them.</param>
    /// <returns>All faults of the configuration at once; none if a gateway would start with it.</returns>
    public static IReadOnlyList<Fault> Check(IConfiguration configuration, IReadOnlyList<IResponder>? responders) =>
        GatewayConfigReader.Read(configuration, responders).Faults;

    /// <summary>What a gateway does without, and a person should know of: it would start all the same.</summary>
    public static IReadOnlyList<Fault> Warnings(IConfiguration configuration) =>
        GatewayConfigReader.UnsourcedRoutes(configuration) is not [_, ..] routes
            ? []
            :
            [
                new Fault(
                    SourceCheck.Path,
                    $"It is not set, and {string.Join(", ", routes.Select(route => $"'{route}'"))} may be answered "
                        + "from documents, whose age is told by clocks alone then. Where clocks differ, "
                        + "a backlog looks younger than it is; and a source that was put back to an older state, "
                        + "or failed over, isn't recognised as another one before the bridge has connected to it.",
                    "Set it to the connection string of the source's primary, "
                        + "with a login that needs no right on any table."
                ),
            ];

    /// <summary>
    /// What a person should know of the source's clock beside this machine's; null: they agree, or the source cannot be
    /// looked at.
    /// </summary>
    public static async Task<string?> ClockAsync(IConfiguration configuration, CancellationToken cancellationToken) =>
        GatewayConfigReader.SourceOf(configuration) is { } source
            ? (await SourceCheck.ClockAsync(source, TimeProvider.System, cancellationToken))?.Sentence
            : null;

    /// <summary>
    /// Why documents that are in the store aren't served, or wouldn't be by a gateway that is started as this process
    /// was; none where the store doesn't answer.
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
        catch (AnswersUnavailableException) { } // what is wrong with the store is said of the store
        return sentences;
    }

    /// <summary>
    /// The same, what the configuration shows of callers who say who they are, and whether the source's primary can be
    /// looked at where a route can be compared, and is the one whose changes are read. A gateway would start all the
    /// same, and compare nothing, or with nonsense, or for a gate that stays closed.
    /// </summary>
    /// <param name="system">
    /// The system identifier of the cluster whose changes are read; null: it is not known, and any will do.
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
