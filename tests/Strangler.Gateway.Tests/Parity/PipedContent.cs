using System.IO.Pipelines;
using System.Net;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>A body that is sent as it is written: each piece is flushed, as a client of gRPC does.</summary>
internal sealed class PipedContent(PipeReader body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        while (true)
        {
            var read = await body.ReadAsync();
            foreach (var piece in read.Buffer)
                await stream.WriteAsync(piece);
            await stream.FlushAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
