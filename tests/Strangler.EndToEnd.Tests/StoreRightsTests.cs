using Npgsql;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>Each part works with exactly the rights that <c>compose/store-rights.sql</c> gives its login.</summary>
public sealed class StoreRightsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_EachPartWithALoginOfItsOwn_WorksWithTheLeastRights()
    {
        await using var system = await RunningSystem.PrepareAsync(20, Cancellation);
        const string Roles =
            "create role strangler_bridge login password 'b'; create role strangler_projections login password 'p'; "
            + "create role strangler_gateway login password 'g'";
        var rights = await File.ReadAllTextAsync(Repository.Full("compose/store-rights.sql"), Cancellation);
        foreach (var sql in new[] { Roles, rights, rights })
            await ExecuteAsync(system.Store, sql);
        await using var up = new RunningPart(
            "up",
            [.. RunningSystem.Strangler, "up", "--config", system.ConfigFile, "--until-input-ends"]
        );

        up.Start(
            new Dictionary<string, string?>
            {
                ["STRANGLER__Store__BridgeConnectionString"] = Login("strangler_bridge", "b"),
                ["STRANGLER__Store__ProjectionsConnectionString"] = Login("strangler_projections", "p"),
                ["STRANGLER__Store__GatewayConnectionString"] = Login("strangler_gateway", "g"),
            }
        );
        await system.CaughtUpAsync(Cancellation);
        await system.GatewayServesAsync(Cancellation);
        await system.ForceLookupAsync("item", Cancellation);
        // as the owner: anybody may ask
        var asked = await CommandRun.Async("bridge", "--resnapshot", "--config", system.ConfigFile);
        await ExecuteAsync(system.Source, "update item set name = 'later'");
        await DocumentsCheck.EqualAsync(system, [], Cancellation);
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await system.GatewayHttp.GetAsync("/api/items/000001", Cancellation);
                return answer.IsSuccessStatusCode && (await system.Admin.RouteAsync("item", Cancellation)).Lookup > 0;
            },
            () => $"The lookup never answered.\n{string.Join('\n', up.Lines)}",
            Cancellation
        );

        Assert.Equal(ExitCode.Success, asked.Code);
        Assert.Equal(["strangler_bridge", "strangler_gateway", "strangler_projections"], await LoginsAsync(system));
        Assert.DoesNotContain(
            up.Lines,
            line =>
                line.Contains("permission denied", StringComparison.Ordinal)
                || line.Contains("must be owner", StringComparison.Ordinal)
        );

        string Login(string user, string password) =>
            new NpgsqlConnectionStringBuilder(system.Store.ConnectionString)
            {
                Username = user,
                Password = password,
            }.ConnectionString;
    }

    /// <summary>The parts' logins that are connected to the store.</summary>
    private static async Task<string[]> LoginsAsync(RunningSystem system)
    {
        await using var command = system.Store.CreateCommand(
            "select array_agg(distinct usename::text order by usename::text) from pg_stat_activity where "
                + "application_name like 'strangler %'"
        );
        return (string[])(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
