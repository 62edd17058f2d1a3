using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Shop.Database;
using Shop.Hosting;
using Shop.Traffic;

namespace Shop;

/// <summary>
/// The command line: seeds, serves or generates traffic. Exits with 0, or with 2 and an error message.
/// </summary>
internal static class Command
{
    private const int MaxConnections = 24;
    private const string Usage = """
        --seed [--items 10000] --database CONNECTION
            makes the tables and fills them; with --all, before it serves
        --seed-once …
            the same, but tables that are there already are left as they are
        --all [--base-port N] [--port-file FILE] --database CONNECTION
            all services, from a port on or on free ports, written to the file
        --service NAME --port N --peers FILE --database CONNECTION
            one service; the file says where the others are, as --port-file writes it
        --all and --service also take
                [--listen ADDRESS] [--cache-seconds N] [--latency SERVICE=ms]… [--fail SERVICE=share]…
        --traffic URL [--items 10000] [--reads-per-second 50] [--writes-per-second 0] [--seconds 60]
                [--reads-in-flight 64] [--writes-in-flight 64] [--name-items] [--random 1]
            reads and writes as clients do
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            var options = CommandOptions.Parse(args);
            if (options.Traffic is { } traffic)
                await TrafficGenerator.RunAsync(traffic, TimeProvider.System, Console.Out, stop.Token);
            else if (options.Seed || options.SeedOnce || options.All || options.Service is not null)
                await ServeAsync(options, stop.Token);
            else
                throw new CommandException($"Nothing was asked for. One of:{Environment.NewLine}{Usage}");
            return 0;
        }
        catch (CommandException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"{exception.GetType().Name}: {exception.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        return 2;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task ServeAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await using var database = Connect(
            options.Database ?? throw new CommandException("--database CONNECTION is missing.")
        );
        if (options.Seed || (options.SeedOnce && !await ShopDatabase.HasTablesAsync(database, cancellationToken)))
        {
            await ShopDatabase.SeedAsync(database, options.Items, TimeProvider.System.GetUtcNow(), cancellationToken);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{options.Items} items are in the database.")
            );
        }
        if (!options.All && options.Service is null)
            return;
        await using var host = options.All
            ? await ServiceHost.StartAllAsync(
                Catalog.Services,
                database,
                TimeProvider.System,
                options.Switches,
                options.Listen,
                options.BasePort,
                cancellationToken
            )
            : await ServiceHost.StartOneAsync(
                options.Service!,
                database,
                TimeProvider.System,
                options.Switches,
                options.Listen,
                options.Port,
                await PeersAsync(options, cancellationToken),
                cancellationToken
            );
        if (options.PortFile is { } file)
        {
            // Atomically: another process may be waiting for it.
            await File.WriteAllTextAsync(
                file + ".new",
                JsonSerializer.Serialize(host.Addresses, ShopJson.Options),
                cancellationToken
            );
            File.Move(file + ".new", file, overwrite: true);
        }
        foreach (var (service, address) in host.Addresses)
            Console.WriteLine($"{service} {address}");
        Console.WriteLine("ready");
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static NpgsqlDataSource Connect(string connectionString)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(connectionString);
            // The same few statements repeat.
            if (connection.MaxAutoPrepare == 0)
                connection.MaxAutoPrepare = 100;
            connection.MaxPoolSize = Math.Min(connection.MaxPoolSize, MaxConnections);
            return NpgsqlDataSource.Create(connection);
        }
        catch (ArgumentException exception)
        {
            throw new CommandException($"--database is not a connection string: {exception.Message}");
        }
    }

    private static async Task<IReadOnlyDictionary<string, Uri>> PeersAsync(
        CommandOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.Peers is not { } file)
            return new Dictionary<string, Uri>();
        return JsonSerializer.Deserialize<Dictionary<string, Uri>>(
                await File.ReadAllTextAsync(file, cancellationToken),
                ShopJson.Options
            ) ?? throw new CommandException($"'{file}' names no services.");
    }
}
