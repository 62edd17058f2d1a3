using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Strangler.Demo.Processes;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Receives OTLP exports over HTTP. Protobuf contains names as UTF-8, and only names are checked.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();

    public OtlpCollector()
    {
        Address = new($"http://127.0.0.1:{FreePort.Take()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = TakeAsync();
    }

    public Uri Address { get; }

    /// <summary>Whether a name has arrived at a path.</summary>
    public bool Saw(string path, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return _exports.Any(export => export.Path == path && export.Body.AsSpan().IndexOf(bytes) >= 0);
    }

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _exports.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf"; // an empty message: everything was accepted
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
