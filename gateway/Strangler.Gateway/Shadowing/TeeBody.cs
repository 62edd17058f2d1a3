using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strangler.Comparing.Verdicts;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Replaces the server's response body, below everything that transforms it. YARP writes to the stream; bytes written
/// in other ways are passed on and not compared.
/// </summary>
internal sealed class TeeBody(IHttpResponseBodyFeature inner, HttpResponse response, AnswerCopy copy, int max)
    : IHttpResponseBodyFeature
{
    private TeeStream? _stream;

    public IHttpResponseBodyFeature Inner => inner;

    public Stream Stream => _stream ??= new TeeStream(inner.Stream, response, copy, max);

    public PipeWriter Writer
    {
        get
        {
            copy.GiveUp(IncomparableReason.Unreadable);
            return inner.Writer;
        }
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        copy.GiveUp(IncomparableReason.Unreadable);
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public Task CompleteAsync() => inner.CompleteAsync();
}
