using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>The compose file, by the script that people run, too.</summary>
public sealed class ComposeTests
{
    private const int NothingTried = 77;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40); // two images are built first

    [Fact]
    [Trait("Category", "Long")]
    public async Task ComposeFile_BroughtUp_CarriesARouteToTheLookupAndLeavesNothingBehind()
    {
        var said = new Tail(200);
        await using var process = GuardedProcess.Start(
            ["bash", Path.Combine(Root(), "compose", "check")],
            new Dictionary<string, string?>(),
            (_, line) => said.Add(line),
            TimeProvider.System
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);

        await process.WaitForExitAsync(limit.Token);

        if (process.ExitCode == NothingTried)
            Assert.Skip(said.ToString());
        Assert.True(process.ExitCode == 0, string.Join('\n', said.Lines));
    }

    /// <summary>
    /// The front door opens with its own image, whatever the databases do: it waits for nothing, and nothing runs
    /// before it.
    /// </summary>
    [Fact]
    public void ComposeFile_Strangler_WaitsForNothing()
    {
        var service = Service("strangler");

        Assert.DoesNotContain(service, line => line.StartsWith("depends_on:", StringComparison.Ordinal));
        Assert.DoesNotContain(
            service,
            line =>
                line.StartsWith("entrypoint:", StringComparison.Ordinal)
                || line.StartsWith("command:", StringComparison.Ordinal)
        );
        Assert.Contains("command: [\"migrate\"]", Service("migrate"));
        Assert.Contains("restart: on-failure", Service("migrate"));
    }

    [Fact]
    public void Dockerfile_ImageOfTheTool_RunsWithoutRootAndKnowsWhetherItIsHealthy()
    {
        var (below, tool) = (Stage("base"), Stage("strangler"));

        Assert.Contains("USER $APP_UID", below);
        Assert.DoesNotContain(tool, line => line.StartsWith("USER ", StringComparison.Ordinal));
        Assert.Contains(
            tool,
            line =>
                line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal)
                && line.EndsWith(" CMD healthy \"$HEALTH_PORT\" /health", StringComparison.Ordinal)
        );
    }

    /// <summary>The lines of a stage of the Dockerfile.</summary>
    private static List<string> Stage(string name) =>
        [
            .. File.ReadLines(Path.Combine(Root(), "compose", "Dockerfile"))
                .SkipWhile(line => !line.EndsWith($" AS {name}", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal)),
        ];

    /// <summary>The members of a service, without their indentation.</summary>
    private static List<string> Service(string name) =>
        [
            .. File.ReadLines(Path.Combine(Root(), "compose", "compose.yaml"))
                .SkipWhile(line => line != $"  {name}:")
                .Skip(1)
                .TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal))
                .Select(line => line.Trim()),
        ];

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Strangler.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in their repository.");
        return folder.FullName;
    }
}
