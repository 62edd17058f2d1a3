using Microsoft.Extensions.Hosting;

namespace Strangler.Gateway;

/// <summary>For a server that another one starts and stops: signals aren't its own.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
