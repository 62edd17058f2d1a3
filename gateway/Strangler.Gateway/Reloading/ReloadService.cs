using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Reloading;

/// <summary>Takes over each change of the configuration, or keeps the last good one and says why.</summary>
/// <param name="started">The configuration with which the gateway started.</param>
/// <param name="running">What that means.</param>
/// <param name="responders">The projections. Null if they couldn't be loaded.</param>
/// <param name="changes">The changes. They end if there are no more.</param>
internal sealed partial class ReloadService(
    IConfiguration started,
    GatewayModel running,
    IReadOnlyList<IResponder>? responders,
    IAsyncEnumerable<ChangedConfiguration> changes,
    RouteReload reload,
    ReloadState state,
    ReloadLog log,
    ILogger<ReloadService> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await foreach (var change in changes.WithCancellation(stoppingToken))
        {
            try
            {
                await TakeAsync(change, stoppingToken);
            }
            // whatever it is, the gateway serves as before
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Keep([Refused(exception)]);
            }
        }
    }

    private async Task TakeAsync(ChangedConfiguration change, CancellationToken cancellationToken)
    {
        switch (ReloadRules.Decide(started, running, change, responders))
        {
            case ReloadDecision.Keep keep:
                Keep(keep.Faults);
                break;
            case ReloadDecision.Apply apply when await reload.ApplyAsync(apply.Model, cancellationToken) is { } refused:
                Keep([
                    .. refused is AggregateException several
                        ? several.InnerExceptions.Select(Refused)
                        : [Refused(refused)],
                ]);
                break;
            case ReloadDecision.Apply { Model: var model, Late: var late }:
                state.Applied(late);
                log.WriteApplied(model.Proxy.Routes.Count, model.Routes.Count);
                foreach (var warning in model.Warnings.Select(warning => warning.ToString()))
                    HasGap(warning);
                break;
        }
    }

    private void Keep(IReadOnlyList<Fault> faults)
    {
        state.Kept(faults);
        log.WriteKept();
    }

    private static Fault Refused(Exception exception) => YarpFault.Of(GatewayConfigReader.ProxySection, exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration has a gap: {Warning}")]
    private partial void HasGap(string warning);
}
