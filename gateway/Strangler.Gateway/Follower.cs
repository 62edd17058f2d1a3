using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway;

/// <summary>Runs a service that follows the store, if there is one.</summary>
internal sealed class Follower<TService>(GatewayModel model, IServiceProvider services) : IHostedService
    where TService : class, IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        model.StoreConnection is null ? Task.CompletedTask : Service.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) =>
        model.StoreConnection is null ? Task.CompletedTask : Service.StopAsync(cancellationToken);

    private TService Service => services.GetRequiredService<TService>();
}
