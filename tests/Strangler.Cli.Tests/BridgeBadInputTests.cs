using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>What a person gets wrong about the source in a connector's file, said before any broker is asked.</summary>
public sealed class BridgeBadInputTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("database.password", "wrong", "refused the login 'postgres'")]
    [InlineData("database.dbname", "nowhere", "strangler: Source: The database 'nowhere' does not exist on '")]
    [InlineData("database.port", "1", "strangler: Source: No PostgreSQL answers at '")]
    public async Task Bridge_SourceThatDoesNotFit_SaysASentenceAndMakesNothing(
        string property,
        string value,
        string sentence
    )
    {
        await using var source = await ConnectorSource.CreateAsync(
            postgres,
            "create table item (id int primary key)",
            (property, value)
        );

        var (code, output, errors) = await StranglerProgram.RunAsync(
            source.Folder,
            ["bridge", "--config", "connector.json", "--kafka", "127.0.0.1:9"]
        );

        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Empty(output);
        Assert.Single(errors.Split('\n'), IsFault);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal((false, false), await source.ExistAsync());
    }

    private static bool IsFault(string line) =>
        line.StartsWith("strangler: ", StringComparison.Ordinal)
        && !line.StartsWith("strangler: warning: ", StringComparison.Ordinal);
}
