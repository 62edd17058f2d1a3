using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>The container image of the tool alone, built as docs/packages.md builds it; removed in the end.</summary>
public sealed class BuiltImage : IAsyncLifetime
{
    private bool _isBuilt;

    public string Name { get; } = $"localhost/strangler-test:{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        if (!await DockerEngine.AnswersAsync(TimeProvider.System, cancellationToken))
            return;
        var root = ComposeTests.Root();
        string[] file = ["--file", Path.Combine(root, "compose", "Dockerfile"), "--target", "strangler"];
        await DockerAsync(["build", "--network", "host", .. file, "--tag", Name, root], cancellationToken);
        _isBuilt = true;
    }

    /// <summary>Skips the test if there is no engine.</summary>
    public void Require() =>
        Assert.SkipUnless(
            _isBuilt,
            "No Docker engine answers: start one, or name it in DOCKER_HOST. No image was built or tried."
        );

    /// <summary>What Docker's client says; it must succeed.</summary>
    internal static async Task<string> DockerAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (code, output) = await ProgramRun.Async(["docker", .. arguments], cancellationToken);
        Assert.True(code == 0, $"docker {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isBuilt)
            await ProgramRun.Async(["docker", "rmi", "--force", Name], CancellationToken.None);
    }
}
