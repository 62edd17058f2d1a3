using System.Net;
using System.Text;
using Npgsql;
using Shop;
using Shop.Database;
using Shop.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests;

/// <summary>A seeded database with all services on it, which share one clock.</summary>
internal sealed class LegacyShop : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private LegacyShop(NpgsqlDataSource database, ServiceHost host, string connectionString) =>
        (Database, Host, ConnectionString) = (database, host, connectionString);

    public NpgsqlDataSource Database { get; }

    public ServiceHost Host { get; }

    public string ConnectionString { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<LegacyShop> StartAsync(PostgresFixture postgres, TimeProvider time, int items = 300)
    {
        var connectionString = await postgres.CreateDatabaseAsync("legacy");
        var database = NpgsqlDataSource.Create(connectionString);
        await ShopDatabase.SeedAsync(database, items, time.GetUtcNow(), Cancelled);
        return new(
            database,
            await ServiceHost.StartAllAsync(
                Catalog.Services,
                database,
                time,
                new Switches(Catalog.Names),
                IPAddress.Loopback,
                null,
                Cancelled
            ),
            connectionString
        );
    }

    public static string Sku(int number) => $"{number:D6}";

    public async Task<LegacyAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? json = null,
        string? traceparent = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(Host.Front, path));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (traceparent is not null)
            request.Headers.TryAddWithoutValidation("traceparent", traceparent);
        using var response = await _http.SendAsync(request, Cancelled);
        return new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(Cancelled)
        );
    }

    public Task<LegacyAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>What a client sees of an answer.</summary>
internal sealed record LegacyAnswer(int Status, string? ContentType, string Body);
