using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>The one place that opens either log.</summary>
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
