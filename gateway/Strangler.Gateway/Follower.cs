using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway;

/// <summary>
/// Runs a service beside the requests. A defect that ends it is logged, and ends nothing else: a host, by itself, would
/// end with it.
/// </summary>
/// <param name="services">Where the service is.</param>
/// <param name="needsStore">Whether it runs only if there is a store.</param>
internal sealed class Follower<TService>(IServiceProvider services, bool needsStore) : IHostedService
    where TService : BackgroundService
{
    private TService? _running;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (needsStore && services.GetRequiredService<GatewayModel>().StoreConnection is null)
            return;
        _running = services.GetRequiredService<TService>();
        ILogger logger = services.GetRequiredService<ILogger<TService>>();
        await _running.StartAsync(cancellationToken);
        _ = _running.ExecuteTask?.ContinueWith(
            ended => FollowerLog.ServiceEnded(logger, ended.Exception),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _running?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
