using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>What a person gets wrong with a connector's file, and only the source knows.</summary>
public sealed class BridgeBadInputTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(
        "",
        "table.include.list",
        "public.nothing",
        "strangler: Source:table.include.list: No table 'public.nothing' is in the database 'connector"
    )]
    [InlineData(
        "create table \"stock item\" (id int primary key); create table stock_item (id int primary key)",
        "table.include.list",
        "public.stock.*",
        "have the same topic, 'shop.public.stock_item'"
    )]
    [InlineData("", "database.password", "wrong", "refused the login 'postgres'")]
    [InlineData("", "database.dbname", "nowhere", "strangler: Source: The database 'nowhere' does not exist on '")]
    [InlineData("", "database.port", "1", "strangler: Source: No PostgreSQL answers at '")]
    public async Task Bridge_SourceThatDoesNotFit_SaysASentenceAndMakesNothing(
        string sql,
        string property,
        string value,
        string sentence
    )
    {
        await using var source = await ConnectorSource.CreateAsync(
            postgres,
            $"create table item (id int primary key); {sql}",
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
