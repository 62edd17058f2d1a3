using Microsoft.Extensions.Hosting;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway;

/// <summary>Reads the stages before the host serves: those that were kept in a file, then those in the store.</summary>
internal sealed class FirstStages(
    StagePoll poll,
    StageMemory memory,
    GatewayModel model,
    FirstReadLimit patience,
    TimeProvider time
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (model.StoreConnection is null)
            return Task.CompletedTask;
        memory.Recall();
        poll.Refreshed += memory.Save;
        return FirstStageRead.RunAsync(poll.RefreshAsync, patience.Limit, time, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
