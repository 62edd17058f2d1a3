using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Sample;

/// <summary>
/// The sample legacy system with its database, our own store, and a configuration that connects them: everything but
/// Strangler's own processes. It leaves nothing behind.
/// </summary>
public sealed class SampleSystem : IAsyncDisposable
{
    private readonly LegacySystem _legacy;
    private readonly OwnFolder _folder;

    private SampleSystem(
        PostgresServer source,
        PostgresServer store,
        LegacySystem legacy,
        SampleAddresses addresses,
        OwnFolder folder
    )
    {
        (Source, Store, _legacy, _folder) = (source, store, legacy, folder);
        (Gateway, Admin, StoreConnection) = (addresses.Gateway, addresses.Admin, addresses.StoreConnection);
        SourceConnection = source.ConnectionString(addresses.SourceDatabase);
    }

    /// <summary>The legacy system's cluster.</summary>
    public PostgresServer Source { get; }

    /// <summary>Our own cluster.</summary>
    public PostgresServer Store { get; }

    /// <summary>The legacy database, as its owner.</summary>
    public string SourceConnection { get; }

    /// <summary>The store.</summary>
    public string StoreConnection { get; }

    /// <summary>The legacy system's address.</summary>
    public Uri Legacy => _legacy.Front;

    /// <summary>The address of the gateway in <see cref="ConfigFile"/>.</summary>
    public Uri Gateway { get; }

    /// <summary>The address of its admin API.</summary>
    public Uri Admin { get; }

    public string ConfigFile => ConfigIn(_folder.Path);

    /// <exception cref="FaultException">Something doesn't start; the fault says what and why.</exception>
    public static async Task<SampleSystem> StartAsync(
        SampleOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var owned = new Stack<IAsyncDisposable>();
        var folder = OwnFolder.Create("strangler-sample-");
        try
        {
            options.Say("Starting two PostgreSQL clusters: one for the legacy system, one as our store.");
            var source = await OwnAsync(
                PostgresServer.StartAsync(options.Provision, options.SourceSettings, time, cancellationToken)
            );
            var store = await OwnAsync(PostgresServer.StartAsync(options.Provision, null, time, cancellationToken));
            var shop = await source.CreateDatabaseAsync("shop", cancellationToken);
            var strangler = await store.CreateDatabaseAsync("strangler", cancellationToken);

            options.Say($"Starting the legacy system: 23 services, {options.Items} items.");
            var legacy = await OwnAsync(LegacySystem.StartAsync(options, shop, folder.Path, time, cancellationToken));
            await using var owner = NpgsqlDataSource.Create(shop);
            var tables = (await File.ReadAllLinesAsync(options.Files.Tables, cancellationToken))
                .Where(line => line.Length > 0)
                .ToList();
            var login = await BridgeLogin.CreateAsync(owner, tables, cancellationToken);

            var addresses = new SampleAddresses(
                strangler,
                source.Port,
                "shop",
                options.Files,
                legacy.Front,
                Loopback(),
                Loopback(),
                Loopback()
            );
            var configuration = SampleConfiguration.Write(
                addresses,
                login,
                await GatewayLogin.CreateAsync(owner, cancellationToken),
                options.Variant
            );
            await WriteSecretAsync(ConfigIn(folder.Path), configuration, cancellationToken);
            return new(source, store, legacy, addresses, folder);
        }
        catch
        {
            await DisposeAsync(owned, folder);
            throw;
        }

        async Task<TOwned> OwnAsync<TOwned>(Task<TOwned> starting)
            where TOwned : IAsyncDisposable
        {
            var started = await starting;
            owned.Push(started);
            return started;
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync([_legacy, Store, Source], _folder);

    private static async ValueTask DisposeAsync(IEnumerable<IAsyncDisposable> owned, OwnFolder folder)
    {
        foreach (var one in owned)
            await one.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Readable only by its owner: it contains passwords.</summary>
    private static async Task WriteSecretAsync(string file, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, options);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
    }

    private static string ConfigIn(string folder) => Path.Combine(folder, "strangler.json");

    private static Uri Loopback() => new($"http://127.0.0.1:{FreePort.Take()}/");
}
