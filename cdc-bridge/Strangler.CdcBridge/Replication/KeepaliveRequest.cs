using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Replication;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// Asks the server how far it has sent: a standby status update with the flag that requests a reply (manual, 55.4). The
/// driver sends that message only by itself, so its method is called past its access; a test fails if it changes.
/// </summary>
internal static class KeepaliveRequest
{
    /// <summary>The keepalive that answers moves the connection's last received LSN.</summary>
    public static async Task SendAsync(ReplicationConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await SendFeedback(connection, waitOnSemaphore: true, requestReply: true, cancellationToken);
        }
        catch (Exception exception)
            when (exception
                    is NpgsqlException
                        or IOException
                        or InvalidOperationException
                        or NullReferenceException
                        or ObjectDisposedException
            )
        {
            // The connection is lost; its reader knows.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendFeedback")]
    private static extern Task SendFeedback(
        ReplicationConnection connection,
        bool waitOnSemaphore,
        bool requestReply,
        CancellationToken cancellationToken
    );
}
