using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway;

/// <summary>Runs a service that follows the store, if there is one.</summary>
internal sealed class Follower<TService>(GatewayModel model, IServiceProvider services) : IHostedService
    where TService : class, IHostedService
{
    private TService? _running;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (model.StoreConnection is null)
            return Task.CompletedTask;
        _running = services.GetRequiredService<TService>();
        return _running.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _running?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
