using System.Net;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Gateway.Forwarding;

/// <summary>YARP's client of a cluster, which passes headers as bytes and reads early answers.</summary>
internal sealed class LegacyClientFactory(TimeProvider time, ILogger<ForwarderHttpClientFactory> logger)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        WireEncoding.Use(handler);
        // over HTTP/2, that client reads an answer while it writes
        handler.PlaintextStreamFilter = (connection, _) =>
            ValueTask.FromResult(
                connection.NegotiatedHttpVersion < HttpVersion.Version20
                    ? new LegacyStream(connection.PlaintextStream, time)
                    : connection.PlaintextStream
            );
    }
}
