using System.Globalization;
using Strangler.Demo.Postgres;
using Strangler.EndToEnd.Tests.Soak;
using Strangler.Testing;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// A broker and a database server for the tests that end them; each test has its own database, topics and bridge.
/// </summary>
[CollectionDefinition(nameof(DeliveryServers))]
public sealed class DeliveryServers : ICollectionFixture<DeliveryServers>, IAsyncDisposable
{
    private static readonly Dictionary<string, string> Settings = new() { ["max_prepared_transactions"] = "5" };

    private PostgresServer? _source;

    public KafkaBroker Broker { get; } = new();

    public PostgresServer Source => _source!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts both with the first test. Skips it, with the reason, where there can be none.</summary>
    /// <returns>Where the broker listens.</returns>
    public async Task<string> StartAsync()
    {
        if (_source is null && PostgresPrograms.Find() is null)
            Assert.Skip("PostgreSQL's server programs are not on this machine.");
        var address = await Broker.AddressAsync();
        _source ??= await PostgresServer.StartAsync(
            PostgresPrograms.Find()!,
            Settings,
            TimeProvider.System,
            Cancellation
        );
        return address;
    }

    /// <summary><c>kill -9</c> of the database server, every process of it, and a start that recovers.</summary>
    public async Task KillSourceAsync()
    {
        await Signals.SendAsync("KILL", new ServerData(Source).Processes(), Cancellation);
        await Source.StartAgainAsync(Cancellation);
    }

    /// <summary>The broker stops, with all its connections open, until it is woken.</summary>
    public async Task HangBrokerAsync() =>
        await Signals.SendAsync("STOP", [await Broker.ProcessIdAsync()], Cancellation);

    public async Task WakeBrokerAsync() =>
        await Signals.SendAsync("CONT", [await Broker.ProcessIdAsync()], Cancellation);

    /// <summary>The bytes that have arrived at the broker and that it has not read.</summary>
    public async Task<long> UnreadAsync()
    {
        // Each line: number, local address:port, remote, state, sent:received in hexadecimal (proc(5)).
        var port = $":{int.Parse((await Broker.AddressAsync()).Split(':')[1], CultureInfo.InvariantCulture):X4}";
        var lines = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines);
        return lines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[1].EndsWith(port, StringComparison.Ordinal))
            .Sum(words => long.Parse(words[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
