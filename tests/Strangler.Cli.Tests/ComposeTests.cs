using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>The compose file, by the script that a person runs too.</summary>
public sealed class ComposeTests
{
    private const int NothingTried = 77;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40); // two images are built first

    [Fact]
    [Trait("Category", "Long")]
    public async Task ComposeFile_BroughtUp_CarriesARouteToTheLookupAndLeavesNothingBehind()
    {
        var said = new Tail(200);
        await using var process = GuardedProcess.Start(["bash", Path.Combine(Root(), "compose", "check")], new Dictionary<string, string?>(), (_, line) => said.Add(line), TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);

        await process.WaitForExitAsync(limit.Token);

        if (process.ExitCode == NothingTried) Assert.Skip(said.ToString());
        Assert.True(process.ExitCode == 0, string.Join('\n', said.Lines));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Strangler.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in their repository.");
        return folder.FullName;
    }
}
