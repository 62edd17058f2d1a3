using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>Starts a server. If it doesn't start, says why in one sentence.</summary>
internal static class ServerStart
{
    /// <exception cref="FaultException">An address is taken, or doesn't belong to this machine.</exception>
    public static async Task StartAsync(
        WebApplication application,
        string path,
        IReadOnlyList<string> urls,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new FaultException(
                new Fault(
                    path,
                    $"{exception.Message.TrimEnd('.')}.",
                    "End the other program, which may be another 'strangler up', or choose another port."
                ),
                exception
            );
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
        {
            throw new FaultException(
                new Fault(
                    path,
                    $"The address {Sentence.List(urls)} can't be used: {exception.Message}",
                    "Choose another address or port."
                ),
                exception
            );
        }
    }
}
