using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Shop.Hosting;

/// <summary>Runs services, each on its own port.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly List<WebApplication> _applications = [];
    private readonly HttpClient _http = Tracing.Client();
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly string _front;
    private readonly Dictionary<string, Uri> _addresses = [];

    static ServiceHost() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private ServiceHost(NpgsqlDataSource database, TimeProvider time, Switches switches, string front)
    {
        (_database, _time, Switches, _front) = (database, time, switches, front);
        Peers = new(_http);
    }

    public Switches Switches { get; }

    public RequestLog Requests { get; } = new();

    public Peers Peers { get; }

    /// <summary>The address of each service.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses => _addresses;

    /// <summary>The address for customers.</summary>
    public Uri Front => _addresses[_front];

    /// <summary>All services; on ports from a base port in the catalogue's order, or each on a free one.</summary>
    public static async Task<ServiceHost> StartAllAsync(
        IReadOnlyList<Service> services,
        NpgsqlDataSource database,
        TimeProvider time,
        Switches switches,
        IPAddress listen,
        int? basePort,
        CancellationToken cancellationToken
    )
    {
        var host = new ServiceHost(database, time, switches, services[0].Name);
        try
        {
            for (var index = 0; index < services.Count; index++)
                await host.StartAsync(services[index], listen, basePort + index ?? 0, cancellationToken);
            host.Peers.Learn(host._addresses);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>One service, which finds the others in the list.</summary>
    public static async Task<ServiceHost> StartOneAsync(
        Service service,
        NpgsqlDataSource database,
        TimeProvider time,
        Switches switches,
        IPAddress listen,
        int port,
        IReadOnlyDictionary<string, Uri> peers,
        CancellationToken cancellationToken
    )
    {
        var host = new ServiceHost(database, time, switches, service.Name);
        try
        {
            await host.StartAsync(service, listen, port, cancellationToken);
            host.Peers.Learn(peers);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The front first: the others still answer its open requests.
        foreach (var application in _applications)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
            await application.StopAsync(limit.Token);
            await application.DisposeAsync();
        }
        _http.Dispose();
    }

    private async Task StartAsync(Service service, IPAddress listen, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = 1 << 20;
                kestrel.Listen(listen, port);
            });
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver())
        );
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder
            .Services.AddSingleton(_database)
            .AddSingleton(_time)
            .AddSingleton(Switches)
            .AddSingleton(Peers)
            .AddSingleton(Requests);
        var application = builder.Build();
        _applications.Add(application);
        application.Use((context, next) => ServeAsync(service, context, next));
        application.UseRouting();
        OperatorRoutes.Map(application);
        service.Map(application);
        await application.StartAsync(cancellationToken);
        var address = application
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First();
        _addresses[service.Name] = new(address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
    }

    private async Task ServeAsync(Service service, HttpContext context, RequestDelegate next)
    {
        if (OperatorRoutes.Owns(context.Request.Path))
        {
            await next(context);
            return;
        }
        if (Activity.Current is { } span)
            LogWhenAnswered(service, context, span);
        if (Switches.Latency.TryGetValue(service.Name, out var wait) && wait > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(wait), _time, context.RequestAborted);
        if (Switches.Fails(service.Name))
        {
            await RefuseAsync(context, 503, $"The service '{service.Name}' is out of order.");
            return;
        }
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is PeerException or NpgsqlException)
        {
            await RefuseAsync(
                context,
                503,
                exception is PeerException ? exception.Message : $"The service '{service.Name}' cannot read its tables."
            );
        }
        catch (JsonException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, 400, "The body is not what was expected.");
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, exception.StatusCode, exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected.
        }
    }

    // Logged before the first byte is sent: a client that has the answer finds the whole tree.
    private void LogWhenAnswered(Service service, HttpContext context, Activity span) =>
        context.Response.OnStarting(() =>
        {
            var parent = span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString();
            var path = context.Request.Path + context.Request.QueryString;
            Requests.Add(
                new(
                    span.TraceId.ToHexString(),
                    span.SpanId.ToHexString(),
                    parent,
                    span.StartTimeUtc,
                    service.Name,
                    context.Request.Method,
                    path,
                    context.Response.StatusCode
                )
            );
            return Task.CompletedTask;
        });

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.Clear();
        return Results.Json(new ErrorBody(error), ShopJson.Options, statusCode: status).ExecuteAsync(context);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
