using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Headers are bytes: in ISO 8859-1 each byte is a character and each character a byte, so neither .NET's server nor
/// its client changes or refuses a header, in any encoding that client and legacy use.
/// </summary>
internal static class WireEncoding
{
    public static void Use(KestrelServerOptions server)
    {
        server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    /// <summary>An encoding in a cluster's configuration takes precedence.</summary>
    public static void Use(SocketsHttpHandler client)
    {
        client.RequestHeaderEncodingSelector ??= (_, _) => Encoding.Latin1;
        client.ResponseHeaderEncodingSelector ??= (_, _) => Encoding.Latin1;
    }
}
