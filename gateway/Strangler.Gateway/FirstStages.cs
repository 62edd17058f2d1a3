using Microsoft.Extensions.Hosting;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway;

/// <summary>Reads the stages before the host serves.</summary>
internal sealed class FirstStages(StagePoll poll, GatewayModel model, FirstReadLimit patience, TimeProvider time)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        model.StoreConnection is null
            ? Task.CompletedTask
            : FirstStageRead.RunAsync(poll.RefreshAsync, patience.Limit, time, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
