using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Strangler.Evidence;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;

namespace Strangler.Gateway;

/// <summary>Runs a gateway.</summary>
public static class GatewayHost
{
    /// <summary>
    /// Serves until <paramref name="cancellationToken"/> is cancelled, then finishes the requests in progress, within a
    /// limit.
    /// </summary>
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
    /// <param name="parts">What is known of the other parts. Null if nothing is.</param>
    /// <param name="changes">
    /// The configuration each time that it changes while the gateway runs. Null if it doesn't.
    /// </param>
    /// <param name="loggers">Null if nothing is logged.</param>
    /// <exception cref="FaultException">
    /// The configuration has faults, or the gateway's own address is taken. Problems with the store, the source or the
    /// admin API's address don't prevent serving.
    /// </exception>
    public static async Task RunAsync(
        IConfiguration configuration,
        IReadOnlyList<IResponder>? responders,
        IAnswers? answers,
        IMoments? moments,
        PartStates? parts,
        IAsyncEnumerable<ChangedConfiguration>? changes,
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
                parts,
                changes: changes
            );
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        // the normal way to stop it, even while it starts
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    /// <param name="evidence">
    /// Where comparisons are kept in addition to the live figures. Null means in the store.
    /// </param>
    /// <param name="storePatience">How long the store may delay serving. Null means as in production.</param>
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
        var (model, faults) = GatewayConfigReader.Read(configuration, responders);
        if (model is null)
            throw new FaultException(faults);
        return RunningGateway.StartAsync(
            configuration,
            model,
            responders,
            answers ?? new UnavailableAnswers(),
            moments ?? new UnavailableMoments(),
            evidence,
            parts ?? new PartStates(),
            changes,
            loggers ?? NullLoggerFactory.Instance,
            time,
            storePatience,
            cancellationToken
        );
    }
}
