using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Strangler.Demo.Processes;

/// <summary>
/// Chooses loopback ports for servers that are started later. It doesn't use ports that the system assigns (those of
/// Linux begin at 32768): until the server listens, the system may assign such a port to an outgoing connection, and
/// the server would find it in use.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int End = 30_000;
    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    /// <summary>A port on which nothing currently listens, and which this process hasn't been given before.</summary>
    /// <exception cref="InvalidOperationException">None is left.</exception>
    public static int Take()
    {
        for (var attempt = 0; attempt < End - First; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (Taken.TryAdd(port, true) && IsFree(port))
                return port;
        }
        throw new InvalidOperationException($"No loopback port from {First} to {End - 1} is free.");
    }

    /// <summary>The same, for a server that listens on the next port, too.</summary>
    /// <inheritdoc cref="Take"/>
    public static int TakeTwo()
    {
        while (true)
        {
            var port = Take();
            if (Taken.TryAdd(port + 1, true) && IsFree(port + 1))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
