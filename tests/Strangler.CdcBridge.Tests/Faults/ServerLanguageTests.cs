using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Faults;

/// <summary>The server's messages are localized: their meaning is never derived from their words.</summary>
public sealed class ServerLanguageTests(PostgresFixture postgres)
{
    private const string German = "de_DE.UTF-8";

    [Theory]
    [InlineData("Publikation »strangler« existiert nicht", true, nameof(MissingObject.Publication))]
    [InlineData("publication \"strangler\" does not exist", true, nameof(MissingObject.Publication))]
    [InlineData("Replikations-Slot »s« existiert nicht", false, nameof(MissingObject.Slot))]
    [InlineData("replication slot \"publication\" does not exist", false, nameof(MissingObject.Slot))]
    public async Task MissingAsync_WordsOfAnyLanguage_IsWhatIsNotThere(string words, bool hasSlot, string missing)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        if (hasSlot)
            await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");

        Assert.Equal(
            missing,
            $"{await SourceFaults.MissingAsync(Refusal(words), Config(source), TestContext.Current.CancellationToken)}"
        );
    }

    /// <summary>The next session says why, and this one what its stream ended with.</summary>
    [Theory]
    [InlineData("Source:database.port", "1")]
    [InlineData("Source:database.initial.statements", "select 'hunter2'::int")]
    public async Task MissingAsync_SourceThatCannotBeAsked_IsUnknown(string property, string value)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var config = Config(source, (property, value));

        Assert.Equal(
            MissingObject.Unknown,
            await SourceFaults.MissingAsync(Refusal(""), config, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task RunAsync_PublicationDroppedOnAGermanServer_GoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v int)"
        );
        try
        {
            await source.ExecuteAsync(
                $"set lc_messages = '{German}'; alter database {source.Name} set lc_messages = '{German}'"
            );
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            Assert.Skip(
                $"The locale '{German}' is not installed on this machine: run 'localedef -i de_DE -f UTF-8 {German}'."
            );
        }
        source.Data.Clear();
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("drop publication strangler");
        await source.ExecuteAsync("insert into item values (1, 0)");

        await Histories.LoggedRows.BecomeEqualAsync(bridge, source);
        var words = await Assert.ThrowsAsync<PostgresException>(() =>
            source.ExecuteAsync("drop publication strangler_2")
        );
        Assert.Contains("existiert nicht", words.MessageText, StringComparison.Ordinal);
    }

    private static PostgresException Refusal(string words) =>
        new(words, "FEHLER", "ERROR", PostgresErrorCodes.UndefinedObject);

    private static BridgeConfig Config(SourceDatabase source, params (string, string?)[] changes) =>
        BridgeConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(source.Properties(changes)).Build());
}
