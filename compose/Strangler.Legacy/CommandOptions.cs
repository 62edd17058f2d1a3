using System.Globalization;
using System.Net;
using Shop.Hosting;
using Shop.Traffic;

namespace Shop;

/// <summary>The parsed command line.</summary>
internal sealed class CommandOptions
{
    public string? Database { get; private set; }

    public bool Seed { get; private set; }

    /// <summary>Seeds a database that has no tables yet, and leaves any other unchanged.</summary>
    public bool SeedOnce { get; private set; }

    public int Items { get; private set; } = 10_000;

    public bool All { get; private set; }

    public int? BasePort { get; private set; }

    public string? PortFile { get; private set; }

    public Service? Service { get; private set; }

    public int Port { get; private set; }

    public string? Peers { get; private set; }

    public IPAddress Listen { get; private set; } = IPAddress.Loopback;

    public Switches Switches { get; } = new(Catalog.Names);

    public TrafficOptions? Traffic { get; private set; }

    /// <exception cref="CommandException">An option is unknown, or its value is missing or wrong.</exception>
    public static CommandOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CommandOptions();
        Uri? url = null;
        var traffic = new TrafficOptions();
        for (var index = 0; index < args.Count; index++)
        {
            var word = args[index];
            switch (word)
            {
                case "--seed":
                    options.Seed = true;
                    break;
                case "--seed-once":
                    options.SeedOnce = true;
                    break;
                case "--all":
                    options.All = true;
                    break;
                case "--database":
                    options.Database = Value();
                    break;
                case "--items":
                    options.Items = Number(1, 100_000_000);
                    break;
                case "--base-port":
                    options.BasePort = Number(1, 65_535 - Catalog.Services.Count);
                    break;
                case "--port-file":
                    options.PortFile = Value();
                    break;
                case "--service":
                    options.Service =
                        Catalog.Find(Value())
                        ?? throw new CommandException(
                            $"No service '{args[index]}'; there are " + $"{string.Join(", ", Catalog.Names)}."
                        );
                    break;
                case "--port":
                    options.Port = Number(0, 65_535);
                    break;
                case "--peers":
                    options.Peers = Value();
                    break;
                case "--listen":
                    options.Listen = IPAddress.TryParse(Value(), out var address)
                        ? address
                        : throw new CommandException($"'{args[index]}' is not an address to listen on.");
                    break;
                case "--cache-seconds":
                    options.Turn(new(Number(0, 86_400), null, null));
                    break;
                case "--latency":
                    options.Turn(
                        new(
                            null,
                            Pair(text =>
                                int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1
                            ),
                            null
                        )
                    );
                    break;
                case "--fail":
                    options.Turn(
                        new(
                            null,
                            null,
                            Pair(text =>
                                double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1
                            )
                        )
                    );
                    break;
                case "--traffic":
                    url =
                        Uri.TryCreate(Value(), UriKind.Absolute, out var found) && found.Scheme is "http" or "https"
                            ? found
                            : throw new CommandException($"'{args[index]}' is not a URL.");
                    break;
                case "--reads-per-second":
                    traffic = traffic with { ReadsPerSecond = Number(0, 100_000) };
                    break;
                case "--writes-per-second":
                    traffic = traffic with { WritesPerSecond = Number(0, 100_000) };
                    break;
                case "--seconds":
                    traffic = traffic with { Duration = TimeSpan.FromSeconds(Number(1, 1_000_000)) };
                    break;
                case "--reads-in-flight":
                    traffic = traffic with { ReadsInFlight = Number(1, 10_000) };
                    break;
                case "--writes-in-flight":
                    traffic = traffic with { WritesInFlight = Number(1, 10_000) };
                    break;
                case "--catch-up":
                    traffic = traffic with { CatchUp = TimeSpan.FromSeconds(Number(0, 3_600)) };
                    break;
                case "--name-items":
                    traffic = traffic with { NamesItems = true };
                    break;
                case "--patience":
                    traffic = traffic with { Patience = TimeSpan.FromSeconds(Number(1, 3_600)) };
                    break;
                case "--random":
                    traffic = traffic with { Seed = Number(0, int.MaxValue) };
                    break;
                default:
                    throw new CommandException($"'{word}' has no meaning here.");
            }
            continue;

            string Value() => ++index < args.Count ? args[index] : throw new CommandException($"{word} needs a value.");

            int Number(int min, int max) =>
                int.TryParse(Value(), CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                    ? number
                    : throw new CommandException($"{word} is a number from {min} to {max}, not '{args[index]}'.");

            Dictionary<string, T> Pair<T>(Func<string, T> parse) =>
                Value().Split('=') is [var service, var value]
                    ? new() { [service] = parse(value) }
                    : throw new CommandException($"{word} takes SERVICE=value, not '{args[index]}'.");
        }
        if (url is not null)
            options.Traffic = traffic with { Url = url, Items = options.Items };
        return options;
    }

    private void Turn(SwitchSettings settings)
    {
        if (Switches.Turn(settings) is { } wrong)
            throw new CommandException(wrong);
    }
}
