using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary><c>strangler bridge drop</c>, as a person or a script runs it.</summary>
public sealed class BridgeDropTests(PostgresFixture postgres)
{
    private const string Made = """
        create table item (id int primary key);
        create publication dbz_publication for table item;
        """;

    [Fact]
    public async Task Drop_NobodyAtATerminal_IsAFaultAndRemovesNothing()
    {
        await using var source = await SourceAsync();

        var (code, output, errors) = await StranglerProgram.RunAsync(source.Folder, ["bridge", "drop", .. File]);

        BadInputTests.AssertFault("strangler: --yes: Nobody is at a terminal to answer: Remove", code, output, errors);
        Assert.Equal((true, true), await source.ExistAsync());
    }

    /// <summary>The option may stand before the word as well: it is no other file then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drop_Yes_RemovesAndCanBeRunAgain(bool fileFirst)
    {
        await using var source = await SourceAsync();
        string[] arguments = fileFirst
            ? ["bridge", .. File, "drop", "--yes", "--publication"]
            : ["bridge", "drop", "--yes", "--publication", .. File];

        var (code, output, errors) = await StranglerProgram.RunAsync(source.Folder, arguments);
        var (again, saidAgain, _) = await StranglerProgram.RunAsync(source.Folder, arguments);

        Assert.True(code == ExitCode.Success, errors);
        Assert.Contains($"The slot '{source.Slot}' is removed", output, StringComparison.Ordinal);
        Assert.Contains("The publication 'dbz_publication' is removed.", output, StringComparison.Ordinal);
        Assert.Equal((false, false), await source.ExistAsync());
        Assert.Equal(ExitCode.Success, again);
        Assert.Contains($"The slot '{source.Slot}' doesn't exist.", saidAgain, StringComparison.Ordinal);
    }

    private static string[] File => ["--config", "connector.json"];

    private async Task<ConnectorSource> SourceAsync()
    {
        var source = await ConnectorSource.CreateAsync(postgres, Made);
        await source.ExecuteAsync($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        return source;
    }
}
