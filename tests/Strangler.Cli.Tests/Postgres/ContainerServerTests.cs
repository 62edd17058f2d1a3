using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Postgres;

/// <summary>The demo's PostgreSQL when only Docker is available.</summary>
public sealed class ContainerServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAgainAsync_AfterAStop_HoldsWhatWasCommittedAndLeavesNothing(bool immediate)
    {
        await SkipWithoutDockerAsync();
        var server = await PostgresServer.StartAsync(
            new PostgresProvision.Container(PostgresProvision.DefaultImage),
            null,
            TimeProvider.System,
            Cancellation
        );
        await using (server)
        {
            await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("shop", Cancellation));
            await ExecuteAsync(source, "create table item (sku text)");
            await ExecuteAsync(source, "insert into item values ('a')");

            await server.StopAsync(immediate, Cancellation);
            source.Clear();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(source, "select 1"));
            await server.StartAgainAsync(Cancellation);

            Assert.Equal(1L, await ExecuteAsync(source, "select count(*) from item"));
            Assert.Equal("logical", await ExecuteAsync(source, "show wal_level"));
            Assert.Equal(
                immediate,
                (await File.ReadAllTextAsync(server.LogFile, Cancellation)).Contains(
                    "automatic recovery in progress",
                    StringComparison.Ordinal
                )
            );
            Assert.NotEmpty(await ContainersAsync(server));
        }
        Assert.Empty(await ContainersAsync(server));
    }

    [Fact]
    public async Task StartAsync_ImageThatIsNone_SaysWhatDockerSaid()
    {
        await SkipWithoutDockerAsync();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            PostgresServer.StartAsync(
                new PostgresProvision.Container("localhost/no-such-image:1"),
                null,
                TimeProvider.System,
                Cancellation
            )
        );

        Assert.Contains(
            "Docker could not get the image 'localhost/no-such-image:1'",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    private static async Task SkipWithoutDockerAsync()
    {
        if (!await DockerEngine.AnswersAsync(TimeProvider.System, Cancellation))
            Assert.Skip("No Docker engine answers: start one, or name it in DOCKER_HOST.");
    }

    private static async Task<string> ContainersAsync(PostgresServer server) =>
        (
            await ProgramRun.Async(
                ["docker", "ps", "--all", "--quiet", "--filter", $"name=strangler-postgres-{server.Port}"],
                Cancellation
            )
        ).Output.Trim();

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
