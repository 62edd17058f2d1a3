using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A stream that the server has abandoned ends with the server's own error, or with a named one.</summary>
public sealed class AbandonedStreamTests(PostgresFixture postgres)
{
    private const int Looks = 5;
    private const string Bad = "insert into item values (1, convert_from('\\xe9', 'SQL_ASCII'))";
    private const string Wide = "insert into item select n, 'a' from generate_series(1, 2000) n";

    /// <summary>What stands before the error is read as the stream reads it.</summary>
    [Theory]
    [InlineData("SQL_ASCII", Bad)]
    [InlineData("UTF8", Wide)]
    public async Task LookAsync_PublicationMadeAgain_IsTheErrorOfTheStream(string encoding, string before)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            encoding,
            "create table item (id int primary key, name text); create publication strangler for table item"
        );
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        await source.ExecuteAsync(before);
        await source.ExecuteAsync("drop publication strangler");
        await source.ExecuteAsync("insert into item values (5000, 'b')");
        await source.ExecuteAsync("create publication strangler for table item");
        using var metrics = new BridgeMetrics();
        var watch = Watch(source, metrics, encoding == "SQL_ASCII");

        watch.StreamRequested();
        for (var look = 0; look < Looks; look++)
            await watch.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal(PostgresErrorCodes.UndefinedObject, Assert.IsType<PostgresException>(watch.Fault).SqlState);
    }

    /// <summary>
    /// After a snapshot the log is verified first, which may take its time. Reading the slot meanwhile would end the
    /// session, or hold the slot when the stream is requested.
    /// </summary>
    [Fact]
    public async Task LookAsync_StreamNotRequestedYet_FreeSlotIsLeftAlone()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create publication strangler for table item"
        );
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        using var metrics = new BridgeMetrics();
        var watch = Watch(source, metrics, isRaw: false);

        for (var look = 0; look < Looks; look++)
            await watch.LookAsync(TestContext.Current.CancellationToken);

        Assert.Null(watch.Fault);
    }

    [Fact]
    public async Task Of_ConversionErrorWithoutConversion_IsAFault()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var error = new PostgresException(
            "no such bytes",
            "ERROR",
            "ERROR",
            PostgresErrorCodes.CharacterNotInRepertoire
        );

        var fault = SourceFaults.Of(error, Config(source), null);

        Assert.Contains("no such bytes", fault?.Problem, StringComparison.Ordinal);
    }

    private static SourceWatch Watch(SourceDatabase source, BridgeMetrics metrics, bool isRaw) =>
        new(
            Config(source) with
            {
                IsRaw = isRaw,
            },
            RunningBridge.Timings,
            source.Data,
            metrics,
            TimeProvider.System,
            new SaidLogger()
        );

    private static BridgeConfig Config(SourceDatabase source) =>
        BridgeConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build());
}
