using System.Globalization;
using System.Text.Json;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;

namespace Strangler.Demo.Sample;

/// <summary>The sample's legacy system: all its services in one process.</summary>
internal sealed class LegacySystem : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly GuardedProcess _process;

    private LegacySystem(GuardedProcess process, Uri front) => (_process, Front) = (process, front);

    /// <summary>The service that customers call.</summary>
    public Uri Front { get; }

    /// <summary>Seeds the database and starts the services.</summary>
    /// <exception cref="FaultException">It ended instead; the fault contains its output.</exception>
    public static async Task<LegacySystem> StartAsync(
        SampleOptions options,
        string connection,
        string folder,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var portFile = Path.Combine(folder, "legacy.json");
        var words = new Tail();
        string[] arguments =
        [
            "--seed",
            "--items",
            options.Items.ToString(CultureInfo.InvariantCulture),
            "--all",
            "--port-file",
            portFile,
            "--cache-seconds",
            options.Variant.CacheSeconds.ToString(CultureInfo.InvariantCulture),
            "--database",
            connection,
        ];
        var process = GuardedProcess.Start(
            [
                .. options.LegacyYields ? LowPriority.Prefix : [],
                .. DotnetProgram.Command(options.Files.Legacy),
                .. arguments,
            ],
            new Dictionary<string, string?>(),
            (_, line) => words.Add(line),
            time
        );
        try
        {
            while (!File.Exists(portFile))
            {
                if (process.HasExited)
                    throw new FaultException(
                        new Fault(
                            "legacy system",
                            $"It ended with exit code {process.ExitCode}: {words}",
                            "See its output above."
                        )
                    );
                await Task.Delay(PollInterval, time, cancellationToken);
            }
            var addresses = JsonSerializer.Deserialize<Dictionary<string, Uri>>(
                await File.ReadAllTextAsync(portFile, cancellationToken)
            )!;
            return new(process, addresses["item-availability"]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
