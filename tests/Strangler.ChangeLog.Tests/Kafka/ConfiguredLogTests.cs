using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Either log, as the configuration describes it, and what the store is told.</summary>
public sealed class ConfiguredLogTests(PostgresFixture postgres, KafkaBroker broker) : IAsyncLifetime
{
    private readonly string _shop = KafkaBroker.Name("configured");
    private NpgsqlDataSource _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("log"));
        await StoreMigration.MigrateAsync(_store, [EmbeddedLogSchema.Value], Cancel);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenAsync_EitherLog_SaysInTheStoreWhetherItMayBeAnsweredFrom(bool kafka)
    {
        await using var log = await OpenAsync(kafka ? await broker.AddressAsync() : null);
        await using var first = await log.OpenAppenderAsync(_shop, Cancel);
        await first.AppendAsync(Whole(8, 2), Cancel);
        var begun = await VerificationAsync();
        await first.VerifiedAsync("run 1", Cancel);
        var verified = await VerificationAsync();
        await using var second = await log.OpenAppenderAsync(_shop, Cancel);
        var opened = await VerificationAsync();
        await Assert.ThrowsAsync<FaultException>(() => first.VerifiedAsync("run 1", Cancel));
        var fenced = await VerificationAsync();
        await second.VerifiedAsync("run 2", Cancel);

        Assert.Equal(
            [null, "1/run 1", null, null, "2/run 2"],
            [begun, verified, opened, fenced, await VerificationAsync()]
        );
        Assert.Equal(
            2,
            (await log.ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel)).OrThrow().Records.Count
        );
        Assert.Equal(kafka ? 0L : 1L, await CountAsync());
    }

    [Fact]
    public async Task OpenAppenderAsync_ControlTopicIsCreatedAgain_NothingIsAnsweredUntilTheOtherLogIsVerified()
    {
        var servers = await broker.AddressAsync();
        await using (var log = await OpenAsync(servers))
        {
            for (var run = 0; run < 3; run++)
                await (await log.OpenAppenderAsync(_shop, Cancel)).DisposeAsync();
            await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
            await appender.AppendAsync(Whole(8, 2), Cancel);
            await appender.VerifiedAsync("run 1", Cancel);
        }
        var old = await VerificationAsync();
        await broker.DeleteTopicAsync(LogTopics.Control(_shop));

        await using var other = await OpenAsync(servers);
        await using var first = await other.OpenAppenderAsync(_shop, Cancel);
        var opened = await VerificationAsync();
        await first.AppendAsync(Whole(8, 2), Cancel);
        await first.VerifiedAsync("run 1", Cancel);

        Assert.Equal(["4/run 1", null, "5/run 1"], [old, opened, await VerificationAsync()]);
    }

    /// <summary>The embedded log, whose tokens are its own, was used before.</summary>
    [Fact]
    public async Task OpenAppenderAsync_AfterTheEmbeddedLog_TokensRise()
    {
        await using (var embedded = await OpenAsync(null))
        {
            await (await embedded.OpenAppenderAsync(_shop, Cancel)).DisposeAsync();
            await using var appender = await embedded.OpenAppenderAsync(_shop, Cancel);
            await appender.AppendAsync(Whole(8, 2), Cancel);
            await appender.VerifiedAsync("run 1", Cancel);
        }
        var old = await VerificationAsync();

        await using var kafka = await OpenAsync(await broker.AddressAsync());
        await using var first = await kafka.OpenAppenderAsync(_shop, Cancel);
        var opened = await VerificationAsync();
        await first.AppendAsync(Whole(8, 2), Cancel);
        await first.VerifiedAsync("run 1", Cancel);

        Assert.Equal(["2/run 1", null, "3/run 1"], [old, opened, await VerificationAsync()]);
    }

    [Fact]
    public async Task OpenAsync_SectionIsWrong_SaysAllFaultsOnce()
    {
        var exception = await Assert.ThrowsAsync<FaultException>(() => OpenAsync(null, ("Log:Kafka:acks", "1")));

        Assert.Equal(
            ["Log:Kafka:acks", "Log:Kafka:bootstrap.servers"],
            exception.Faults.Select(fault => fault.Path).Order(StringComparer.Ordinal)
        );
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private Task<ConfiguredLog> OpenAsync(string? servers, params (string Key, string Value)[] values)
    {
        var settings = values.ToDictionary(one => one.Key, one => (string?)one.Value);
        if (servers is not null)
            settings["Log:Kafka:bootstrap.servers"] = servers;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return ConfiguredLog.OpenAsync(configuration, _store, TimeProvider.System, Cancel);
    }

    private async Task<string?> VerificationAsync()
    {
        var sql = EmbeddedChangeLog
            .VerificationSql.Replace("{0}", "$1", StringComparison.Ordinal)
            .Replace("{1}", "1", StringComparison.Ordinal);
        await using var command = _store.CreateCommand($"select {sql}");
        command.Parameters.Add(new NpgsqlParameter { Value = _shop });
        return await command.ExecuteScalarAsync(Cancel) as string;
    }

    private async Task<long> CountAsync()
    {
        await using var command = _store.CreateCommand("select count(*) from log.source");
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
