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
    [InlineData("/strangler.json: There is no such file. Name the configuration with --config.", "up")]
    [InlineData("/elsewhere.json: There is no such file.", "up", "--config", "elsewhere.json")]
    [InlineData(": It is a folder.", "up", "--config", ".")]
    [InlineData("'--config'", "up", "--config")]
    public async Task Run_BadArguments_SaysASentenceAndExitsWithTwo(string sentence, params string[] arguments)
    {
        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, [.. arguments.Where(argument => argument.Length > 0)]);

        AssertFault(sentence, code, output, errors);
    }

    [Theory]
    [InlineData("", "is not a configuration in JSON")]
    [InlineData("[1]", "is not a configuration in JSON")]
    [InlineData("{ \"Store\": { } ", "is not a configuration in JSON")]
    [InlineData("{ \"Store\": 1, \"store\": 2 }", "'store'")]
    public async Task Run_MalformedConfiguration_SaysASentenceAndExitsWithTwo(string text, string sentence)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "strangler.json"), text, TestContext.Current.CancellationToken);

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "up");

        AssertFault(sentence, code, output, errors);
        Assert.Contains("/strangler.json: ", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static void AssertFault(string sentence, int code, string output, string errors)
    {
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Empty(output);
        Assert.All(errors.TrimEnd().Split('\n'), line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("\n   at ", errors, StringComparison.Ordinal);
    }
}
