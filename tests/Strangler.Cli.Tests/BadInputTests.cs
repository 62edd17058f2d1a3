using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-cli-").FullName;

    [Theory]
    [InlineData("Required command was not provided", "")]
    [InlineData("'fly'", "fly")]
    [InlineData("'--fast'", "up", "--fast")]
    [InlineData("/strangler.json: The file doesn't exist. Name the configuration with --config.", "up")]
    [InlineData("/elsewhere.json: The file doesn't exist.", "up", "--config", "elsewhere.json")]
    [InlineData(": It is a folder.", "up", "--config", ".")]
    [InlineData("'--config'", "up", "--config")]
    [InlineData("/strangler.json: The file doesn't exist.", "gateway")]
    [InlineData("/strangler.json: The file doesn't exist.", "bridge")]
    [InlineData("/strangler.json: The file doesn't exist.", "projections")]
    [InlineData("/strangler.json: The file doesn't exist.", "check")]
    [InlineData("/strangler.json: The file doesn't exist.", "migrate")]
    [InlineData("--admin: No address of a running gateway was given, so the configuration was read.", "routes")]
    [InlineData("'nonsense' is not a URL.", "routes", "--admin", "nonsense")]
    [InlineData("http://127.0.0.1:1/: No gateway answers here", "routes", "--admin", "http://127.0.0.1:1")]
    [InlineData(
        "http://127.0.0.1:1/: No gateway answers here",
        "promote",
        "availability",
        "--admin",
        "http://127.0.0.1:1"
    )]
    [InlineData(
        "http://127.0.0.1:1/: No gateway answers here",
        "rollback",
        "availability",
        "--admin",
        "http://127.0.0.1:1"
    )]
    [InlineData(
        "http://127.0.0.1:1/: No gateway answers here",
        "get",
        "ItemAvailability",
        "000001",
        "--admin",
        "http://127.0.0.1:1"
    )]
    [InlineData(
        "http://127.0.0.1:1/: No gateway answers here",
        "dismiss",
        "availability",
        "01K9ZB3V5M",
        "--reason",
        "why",
        "--admin",
        "http://127.0.0.1:1"
    )]
    [InlineData("'--reason'", "dismiss", "availability", "01K9ZB3V5M")]
    [InlineData("'promote'", "promote")]
    [InlineData("'get'", "get", "ItemAvailability")]
    [InlineData("--seconds is a number from 20 to 86400.", "demo", "--seconds", "19")]
    [InlineData("--cache-seconds is a number from 0 to 3600.", "demo", "--cache-seconds", "-1")]
    [InlineData("'--fault'", "demo", "--fault")]
    [InlineData("--items is a number from 100 to 1000000.", "demo", "--items", "1")]
    [InlineData("'many'", "demo", "--items", "many")]
    public async Task Run_BadArguments_SaysASentenceAndExitsWithTwo(string sentence, params string[] arguments)
    {
        var (code, output, errors) = await StranglerProgram.RunAsync(
            _folder,
            [.. arguments.Where(argument => argument.Length > 0)]
        );

        AssertFault(sentence, code, output, errors);
    }

    [Theory]
    [InlineData("", "is not a configuration in JSON")]
    [InlineData("[1]", "is not a configuration in JSON")]
    [InlineData(
        "{\n  pass\nword }",
        "/strangler.json: It is not a configuration in JSON: line 2, column 3 can't be read. Correct it there."
    )]
    [InlineData("{ \"Store\": { } ", "is not a configuration in JSON")]
    [InlineData("{ \"Store\": 1, \"store\": 2 }", "'store'")]
    public async Task Run_MalformedConfiguration_SaysASentenceAndExitsWithTwo(string text, string sentence)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            text,
            TestContext.Current.CancellationToken
        );

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "up");

        AssertFault(sentence, code, output, errors);
        Assert.Contains("/strangler.json: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate", "Store:ConnectionString: The configuration names no store.")]
    [InlineData("check", "ReverseProxy: The configuration enables nothing: ")]
    [InlineData("up", "ReverseProxy: The configuration enables nothing: ")]
    [InlineData("gateway", "ReverseProxy:Routes: No route exists.")]
    public async Task Run_ConfigurationThatNamesNothing_SaysWhatIsMissing(string command, string sentence)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            "{}",
            TestContext.Current.CancellationToken
        );

        var (code, _, errors) = await StranglerProgram.RunAsync(_folder, command);

        Assert.Equal(ExitCode.Fault, code);
        var fault = Assert.Single(
            errors.TrimEnd().Split('\n'),
            line => line.StartsWith("strangler: ", StringComparison.Ordinal)
        );
        Assert.StartsWith($"strangler: {sentence}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    /// <summary>What the command line says is checked like what the file says, and counts more.</summary>
    [Theory]
    [InlineData("up")]
    [InlineData("check")]
    public async Task Run_UrlsThatNoServerCanTake_SaysASentenceAndExitsWithTwo(string command)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            """
            {
              "Gateway": { "Urls": "http://127.0.0.1:9" },
              "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } } },
                "Clusters": { "one": { "Destinations": { "only": { "Address": "http://127.0.0.1:9" } } } }
              }
            }
            """,
            TestContext.Current.CancellationToken
        );

        const string Urls = "https://nonsense/path";

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, command, "--urls", Urls);

        AssertFault($"Gateway:Urls: '{Urls}' is not an address", code, output, errors);
    }

    [Fact]
    public async Task Check_StoreThatDoesNotAnswer_SaysSoOnceAndGoesOn()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            """
            {
              "Store": { "ConnectionString": "Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d" },
              "Gateway": { "Urls": "nonsense" }
            }
            """,
            TestContext.Current.CancellationToken
        );

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "check");

        AssertFault("Store:ConnectionString: No PostgreSQL answers at '127.0.0.1:1'", code, output, errors);
        Assert.Contains("Gateway:Urls", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
        var lines = errors.TrimEnd().Split('\n');
        Assert.Equal(lines.Distinct(), lines);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static void AssertFault(string sentence, int code, string output, string errors)
    {
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Empty(output);
        Assert.All(
            errors.TrimEnd().Split('\n'),
            line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("\n   at ", errors, StringComparison.Ordinal);
    }
}
