using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Headers are bytes: in ISO 8859-1 each byte is a character and each character a byte, so whatever encoding client
/// and legacy mean, neither server nor client of .NET changes or refuses it.
/// </summary>
internal static class WireEncoding
{
    public static void Use(KestrelServerOptions server)
    {
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    /// <summary>Where a cluster's configuration names an encoding, that is used.</summary>
    public static void Use(SocketsHttpHandler client)
    {
        client.RequestHeaderEncodingSelector ??= (_, _) => Encoding.Latin1;
        client.ResponseHeaderEncodingSelector ??= (_, _) => Encoding.Latin1;
    }
}
