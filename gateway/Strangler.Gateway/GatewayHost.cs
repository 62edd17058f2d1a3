using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strangler.Evidence;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>Runs a gateway.</summary>
public static class GatewayHost
{
    /// <summary>
    /// Serves until <paramref name="cancellationToken"/> is cancelled; then requests under way are finished, within a
    /// limit.
    /// </summary>
    /// <param name="configuration">The whole of <c>strangler.json</c>.</param>
    /// <param name="responders">
    /// The parts of the projections that run here; null: they could not be loaded, and the call graph answers their
    /// routes.
    /// </param>
    /// <param name="answers">Where documents are looked up.</param>
    /// <param name="moments">Whom to ask in order to compare; null: nobody, and no route can be compared.</param>
    /// <param name="parts">What is known of the other parts; null: nothing.</param>
    /// <param name="loggers">Null: nothing is logged.</param>
    /// <exception cref="FaultException">
    /// The configuration has faults, or the address of the gateway itself is taken. The store, the source and the admin
    /// API's address are no reasons not to serve.
    /// </exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IAnswers answers,
        IMoments? moments,
        PartStates? parts,
        ILoggerFactory? loggers,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var gateway = await StartAsync(
                configuration,
                responders,
                answers,
                moments,
                null,
                loggers,
                TimeProvider.System,
                cancellationToken,
                parts
            );
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        // that is how it is ended, also while it starts
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    /// <param name="evidence">Where comparisons are kept besides the live figures; null: in the store.</param>
    internal static Task<RunningGateway> StartAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IAnswers answers,
        IMoments? moments,
        IEvidence? evidence,
        ILoggerFactory? loggers,
        TimeProvider time,
        CancellationToken cancellationToken,
        PartStates? parts = null
    )
    {
        var (model, faults) = GatewayConfigReader.Read(configuration, responders);
        if (model is null)
            throw new FaultException(faults);
        return RunningGateway.StartAsync(
            configuration,
            model,
            responders ?? [],
            answers,
            moments ?? new UnavailableMoments(),
            evidence,
            parts ?? new PartStates(),
            loggers ?? NullLoggerFactory.Instance,
            time,
            cancellationToken
        );
    }
}
