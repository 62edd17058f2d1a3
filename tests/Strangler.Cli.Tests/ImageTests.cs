using System.Net;
using Strangler.Cli.Tests.Proxy;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>The container image of the tool alone, run.</summary>
[Trait("Category", "Long")]
public sealed class ImageTests(BuiltImage image) : IClassFixture<BuiltImage>, IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly string _container = $"strangler-test-{Guid.NewGuid():N}";

    private bool _isRun;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_OfTheToolAlone_HasNoSampleAndNoRights()
    {
        image.Require();
        var user = await DockerAsync(["run", "--rm", "--entrypoint", "id", image.Name, "-u"]);
        var files = await DockerAsync(["run", "--rm", "--entrypoint", "find", image.Name, "/app", "/etc/strangler"]);

        Assert.NotEqual("0", user.Trim());
        Assert.Contains("/app/strangler.dll", files, StringComparison.Ordinal);
        Assert.DoesNotContain("Strangler.Legacy", files, StringComparison.Ordinal);
        Assert.DoesNotContain("/app/projections", files, StringComparison.Ordinal);
        Assert.DoesNotContain("/app/faults", files, StringComparison.Ordinal);
        Assert.DoesNotContain("/etc/strangler/", files, StringComparison.Ordinal);
    }

    /// <summary>It has no writable file system and no capability either.</summary>
    [Fact]
    public async Task Container_WithAPlainConfigurationOfYarp_ProxiesIsHealthyAndEndsWhenAsked()
    {
        image.Require();
        await using var folder = await ProxyFolder.CreateAsync();
        LetAllRead(folder.Path);
        var (port, admin) = (FreePort.Take(), FreePort.Take());
        var address = $"http://127.0.0.1:{port}";
        string[] rights = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
        string[] variables = ["--env", $"Gateway__Admin=http://127.0.0.1:{admin}", "--env", $"HEALTH_PORT={admin}"];
        string[] files = ["--volume", $"{folder.Path}:/etc/strangler:ro"];
        string[] run =
        [
            "run",
            "--detach",
            "--name",
            _container,
            "--network",
            "host",
            .. rights,
            .. variables,
            .. files,
        ];
        _isRun = true;
        await DockerAsync([.. run, image.Name, "gateway", "--config", "layer.json", "--urls", address]);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        await UntilAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"{address}/x"), Cancellation);
                return answer.StatusCode == HttpStatusCode.OK
                    && (await answer.Content.ReadAsStringAsync(Cancellation)).StartsWith(
                        "a HTTP/1.1 GET /first/x\n",
                        StringComparison.Ordinal
                    );
            }
            catch (HttpRequestException)
            {
                return false; // it hasn't begun
            }
        });
        await UntilAsync(async () => await SaidAsync("{{.State.Health.Status}}") == "healthy");
        await DockerAsync(["stop", "-t", "60", _container]);

        Assert.Equal("0", await SaidAsync("{{.State.ExitCode}}"));
    }

    /// <summary>The container's user is another one than ours.</summary>
    private static void LetAllRead(string folder)
    {
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in Directory.EnumerateFiles(folder))
            File.SetUnixFileMode(path, Read | UnixFileMode.UserWrite);
        File.SetUnixFileMode(folder, Read | Enter | UnixFileMode.UserWrite);
    }

    private async Task<string> SaidAsync(string format) =>
        (await DockerAsync(["inspect", "--format", format, _container])).Trim();

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
                Assert.Fail((await ProgramRun.Async(["docker", "logs", _container], Cancellation)).Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
        }
    }

    private static Task<string> DockerAsync(IReadOnlyList<string> arguments) =>
        BuiltImage.DockerAsync(arguments, Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_isRun)
            await ProgramRun.Async(["docker", "rm", "--force", _container], CancellationToken.None);
    }
}
