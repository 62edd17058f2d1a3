using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests.Postgres;

public sealed class PostgresServerTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgresPrograms Programs => postgres.Server is not null ? PostgresPrograms.Find()! : null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAgainAsync_AfterAStop_HoldsWhatWasCommitted(bool immediate)
    {
        await using var server = await PostgresServer.StartAsync(Programs, null, TimeProvider.System, Cancellation);
        await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("shop", Cancellation));
        await ExecuteAsync(source, "create table item (sku text)");
        await ExecuteAsync(source, "insert into item values ('a')");

        await server.StopAsync(immediate, Cancellation);
        source.Clear();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(source, "select 1"));
        await server.StartAgainAsync(Cancellation);

        await using var command = source.CreateCommand("select count(*) from item");
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
        Assert.Equal(
            immediate,
            (await File.ReadAllTextAsync(server.LogFile, Cancellation)).Contains(
                "automatic recovery in progress",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task DisposeAsync_RunningServer_LeavesNoFolderAndNoListener()
    {
        var server = await PostgresServer.StartAsync(Programs, null, TimeProvider.System, Cancellation);
        var folder = Path.GetDirectoryName(server.LogFile)!;

        await server.DisposeAsync();

        Assert.False(Directory.Exists(folder));
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(source, "select 1"));
    }

    [Fact]
    public async Task StartAsync_SettingThatIsNone_SaysWhatTheServerSaid()
    {
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            PostgresServer.StartAsync(
                Programs,
                new Dictionary<string, string> { ["no_such_setting"] = "1" },
                TimeProvider.System,
                Cancellation
            )
        );

        Assert.Contains("no_such_setting", fault.Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
