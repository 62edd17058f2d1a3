using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strangler.Evidence;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Projections;
using Strangler.Projections.Moments;

namespace Strangler.Hosting;

/// <summary>Runs a gateway as the command does: in a host that has nothing else, from files alone.</summary>
internal static class GatewayHost
{
    /// <summary>
    /// Serves until <paramref name="cancellationToken"/> is cancelled, then finishes the requests in progress, within a
    /// limit.
    /// </summary>
    /// <param name="configuration">The whole <c>strangler.json</c>.</param>
    /// <param name="parts">What is known of the other parts.</param>
    /// <param name="changes">The configuration each time that it changes while the gateway runs.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="notLoaded">
    /// Hears why the projections can't be loaded. The gateway serves without them, and the call graph answers their
    /// routes.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FaultException">
    /// The configuration has faults, or the gateway's own address is taken. Problems with the store, the source or the
    /// admin API's address don't prevent serving.
    /// </exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        PartStates parts,
        IAsyncEnumerable<ChangedConfiguration> changes,
        ILoggerFactory loggers,
        Action<IReadOnlyList<Fault>> notLoaded,
        CancellationToken cancellationToken
    )
    {
        var responders = GatewayCheck.NeedsDocuments(configuration)
            ? LoadedProjections.Of(configuration, "gateway", parts, notLoaded)
            : [];
        try
        {
            await using var gateway = await StartAsync(
                configuration,
                responders,
                model => Parts(configuration, model, responders, parts, changes),
                loggers,
                TimeProvider.System,
                cancellationToken
            );
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        // the normal way to stop it, even while it starts
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    /// <summary>The same for a test, which may replace what the gateway is made of.</summary>
    /// <param name="configuration">The whole <c>strangler.json</c>.</param>
    /// <param name="responders">
    /// The parts of the projections that run here. Null if they couldn't be loaded; the call graph answers their routes
    /// then.
    /// </param>
    /// <param name="answers">
    /// Where documents are looked up. Null if nothing can; no route may name a projection then.
    /// </param>
    /// <param name="moments">
    /// Evaluates moments for comparisons. Null if nothing can; no route can be compared then.
    /// </param>
    /// <param name="evidence">
    /// Where comparisons are kept in addition to the live figures. Null means in the store.
    /// </param>
    /// <param name="loggers">Null if nothing is logged.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="parts">What is known of the other parts. Null if nothing is.</param>
    /// <param name="storePatience">How long the store may delay serving. Null means as in production.</param>
    /// <param name="changes">
    /// The configuration each time that it changes while the gateway runs. Null if it doesn't.
    /// </param>
    internal static Task<RunningGateway> StartAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IAnswers? answers,
        IMoments? moments,
        IEvidence? evidence,
        ILoggerFactory? loggers,
        TimeProvider time,
        CancellationToken cancellationToken,
        PartStates? parts = null,
        TimeSpan? storePatience = null,
        IAsyncEnumerable<ChangedConfiguration>? changes = null
    )
    {
        return StartAsync(
            configuration,
            responders,
            model =>
                Parts(configuration, model, responders, parts ?? new PartStates(), changes) with
                {
                    Answers = (_, _) => answers ?? new UnavailableAnswers(),
                    Moments = () => moments,
                    Evidence = evidence,
                    StorePatience = storePatience,
                },
            loggers ?? NullLoggerFactory.Instance,
            time,
            cancellationToken
        );
    }

    private static Task<RunningGateway> StartAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        Func<GatewayModel, GatewayParts> parts,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (model, faults) = GatewayConfigReader.Read(configuration, responders);
        return model is null
            ? throw new FaultException(faults)
            : RunningGateway.StartAsync(configuration, model, parts(model), loggers, time, cancellationToken);
    }

    private static GatewayParts Parts(
        IConfiguration configuration,
        GatewayModel model,
        IReadOnlyList<IResponder>? responders,
        PartStates states,
        IAsyncEnumerable<ChangedConfiguration>? changes
    ) =>
        new()
        {
            Model = () => model,
            Responders = _ => responders,
            Answers = LookupPool.Answers,
            Moments = () => MomentsClient.Of(configuration),
            AddReload = services => services.AddReload(configuration, responders, changes),
            States = states,
        };
}
