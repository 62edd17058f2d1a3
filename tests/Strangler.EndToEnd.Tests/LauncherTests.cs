using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>The launcher builds what git has, without anything that an earlier build has left.</summary>
[Collection(nameof(Alone))]
public sealed class LauncherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>No compiler server stays behind.</summary>
    private static readonly Dictionary<string, string?> Variables = new()
    {
        ["UseSharedCompilation"] = "false",
        ["NuGetAudit"] = "false",
    };

    [Fact]
    [Trait("Category", "Long")]
    public async Task Launcher_OfACleanClone_BuildsAndRuns()
    {
        if (!Path.Exists(Repository.Full(".git")))
            Assert.Skip("The sources come without git, so there is nothing to clone.");
        var folder = Directory.CreateTempSubdirectory("strangler-clone-").FullName;
        try
        {
            await RunAsync(folder, "git", "clone", "--quiet", Repository.Full(""), "strangler");

            var output = await RunAsync(folder, Path.Combine(folder, "strangler/strangler"), "--version");

            Assert.Matches(@"^\d+\.\d+\.\d+$", Assert.Single(output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Returns what it writes to standard output.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(string folder, params string[] command)
    {
        var (output, errors) = (new List<string>(), new List<string>());
        using var process = LineProcess.Start(
            command,
            Variables,
            folder,
            (error, line) =>
            {
                var lines = error ? errors : output;
                lock (lines)
                    lines.Add(line);
            },
            TimeProvider.System
        );
        process.EndInput();
        if (!await process.WaitForExitAsync(Limit))
        {
            await process.KillAsync();
            Assert.Fail($"'{string.Join(' ', command)}' did not end within {Limit}.");
        }
        if (process.ExitCode != ExitCode.Success)
            Assert.Fail($"'{string.Join(' ', command)}' ended with {process.ExitCode}:\n{string.Join('\n', errors)}");
        return output;
    }
}
