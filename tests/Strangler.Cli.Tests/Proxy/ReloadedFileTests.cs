using Xunit;

namespace Strangler.Cli.Tests.Proxy;

/// <summary>Files that change while <c>strangler gateway</c> runs.</summary>
public sealed class ReloadedFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_FileChanges_TakesItOrKeepsTheLastGoodOne()
    {
        await using var folder = await ProxyFolder.CreateAsync();
        var file = Path.Combine(folder.Path, "plain.json");
        await File.WriteAllTextAsync(file, Configuration(folder.A), Cancellation);
        await using var proxy = await folder.StartAsync("plain.json", null, "--urls", "http://127.0.0.1:0");
        using var client = proxy.Connect();
        Assert.StartsWith("a ", await client.GetStringAsync("/x", Cancellation), StringComparison.Ordinal);

        // in place, as an editor writes
        await File.WriteAllTextAsync(file, Configuration(folder.B), Cancellation);
        await AnswersAsync("b ");

        // half of a file
        await File.WriteAllTextAsync(file, Configuration(folder.A)[..^9], Cancellation);
        await proxy.UntilAsync(
            () => proxy.Words.Contains("the last good one stays", StringComparison.Ordinal),
            "the half is refused"
        );
        Assert.StartsWith("b ", await client.GetStringAsync("/x", Cancellation), StringComparison.Ordinal);

        // a link that is switched, as volumes of Kubernetes are
        await File.WriteAllTextAsync(file + ".next", Configuration(folder.A), Cancellation);
        File.CreateSymbolicLink(file + ".link", file + ".next");
        File.Move(file + ".link", file, overwrite: true);
        await AnswersAsync("a ");

        // a file for the environment that appears
        await File.WriteAllTextAsync(
            Path.ChangeExtension(file, "Production.json"),
            $$"""{ "ReverseProxy:Clusters:one:Destinations:only:Address": "{{folder.B.Address}}" }""",
            Cancellation
        );
        await AnswersAsync("b ");

        // no file at all
        File.Delete(file);
        await proxy.UntilAsync(
            () => proxy.Words.Contains("The file doesn't exist", StringComparison.Ordinal),
            "its absence is said"
        );
        Assert.StartsWith("b ", await client.GetStringAsync("/x", Cancellation), StringComparison.Ordinal);

        async Task AnswersAsync(string name)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!(await client.GetStringAsync("/x", Cancellation)).StartsWith(name, StringComparison.Ordinal))
            {
                Assert.True(
                    TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2),
                    $"'{name}' never answers.\n{proxy.Words}"
                );
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
            }
        }
    }

    private static string Configuration(EchoServer server) =>
        $$$"""
            {
              "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "one", "Match": { "Path": "/{**path}" } } },
                "Clusters": { "one": { "Destinations": { "only": { "Address": "{{{server.Address}}}" } } } }
              }
            }
            """;
}
