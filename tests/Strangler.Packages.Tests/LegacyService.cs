using System.Net;
using System.Text;

namespace Strangler.Packages.Tests;

/// <summary>A legacy service, which answers what it was asked.</summary>
internal sealed class LegacyService : IDisposable
{
    private readonly HttpListener _listener = new();

    public LegacyService(string address)
    {
        _listener.Prefixes.Add(address);
        _listener.Start();
        _ = AnswerAsync();
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var (request, response) = (context.Request, context.Response);
                response.Close(Encoding.UTF8.GetBytes($"legacy {request.HttpMethod} {request.RawUrl}"), false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException) { } // it ends
    }
}
