using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Configuration;

/// <summary>
/// What <c>check</c> finds in addition to the configuration's own faults: whether the source's primary can be looked
/// at.
/// </summary>
public sealed class GatewayCheckTests(PostgresFixture postgres)
{
    private const string Projection = "ReverseProxy:Routes:availability:Strangler:Projection";
    private const string Key = "ReverseProxy:Routes:availability:Strangler:Key";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckAsync_PrimaryAndALoginWithoutRights_HasNoFault()
    {
        var (_, looker) = await SourceAsync();

        Assert.Empty(await CheckAsync(("Gateway:Source", looker)));
    }

    [Fact]
    public async Task CheckAsync_SourceThatDoesNotAnswer_SaysSoBesideTheOtherFaultsAndKeepsThePassword()
    {
        var faults = await CheckAsync(
            ("Gateway:Source", "Host=127.0.0.1;Port=1;Username=looker;Password=secret;Database=shop"),
            ("Gateway:Urls", "nonsense")
        );

        Assert.Equal(["Gateway:Urls", "Gateway:Source"], faults.Select(fault => fault.Path));
        Assert.Contains("No PostgreSQL answers at '127.0.0.1:1'", faults[1].Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Join('\n', faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_DatabaseThatIsNotThere_SaysSo()
    {
        var (_, looker) = await SourceAsync();

        var fault = Assert.Single(
            await CheckAsync(
                ("Gateway:Source", new NpgsqlConnectionStringBuilder(looker) { Database = "nosuch" }.ConnectionString)
            )
        );

        Assert.Equal("Gateway:Source", fault.Path);
        Assert.Contains("'nosuch' does not exist", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pg_current_snapshot()")]
    [InlineData("pg_current_wal_insert_lsn()")]
    public async Task CheckAsync_LoginThatMayNotLook_SaysWhatALookNeeds(string function)
    {
        var (data, looker) = await SourceAsync();
        await using (var revoke = data.CreateCommand($"revoke execute on function {function} from public"))
            await revoke.ExecuteNonQueryAsync(Cancellation);

        var fault = Assert.Single(await CheckAsync(("Gateway:Source", looker)));

        Assert.Equal("Gateway:Source", fault.Path);
        Assert.Contains("permission denied for function", fault.Problem, StringComparison.Ordinal);
        Assert.Contains(
            $"EXECUTE on pg_current_snapshot(), pg_current_wal_insert_lsn()",
            fault.WayOut,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task CheckAsync_AnotherClusterThanTheBridges_IsAFault()
    {
        var (data, looker) = await SourceAsync();
        await using var ask = data.CreateCommand("select system_identifier::text from pg_control_system()");
        var own = (string)(await ask.ExecuteScalarAsync(Cancellation))!;

        var fault = Assert.Single(await CheckAsync("7412345678901234567", ("Gateway:Source", looker)));

        Assert.Equal("Gateway:Source", fault.Path);
        Assert.Contains(
            $"the cluster {own}, and the bridge reads the changes of 7412345678901234567",
            fault.Problem,
            StringComparison.Ordinal
        );
        Assert.Empty(await CheckAsync(own, ("Gateway:Source", looker)));
    }

    /// <summary>A gateway starts with it, so the route can be compared, but its gate would stay closed.</summary>
    [Theory]
    [InlineData("Match:Headers:0:Name", "authorization", "by their header 'authorization'")]
    [InlineData("Transforms:0:ClientCert", "X-Client-Cert", "'ClientCert' tells legacy the caller's certificate")]
    [InlineData("Strangler:Query:1", "Access_Token", "'Query' declares 'Access_Token'")]
    public async Task CheckAsync_ConfigurationShowsWhoAsks_IsAFaultUntilTheRouteIsAnonymous(
        string key,
        string value,
        string said
    )
    {
        const string Route = "ReverseProxy:Routes:availability:";

        (string, string?)[] settings =
        [
            (Route + key, value),
            (Route + "Strangler:Anonymous", null),
            .. key.EndsWith("Name", StringComparison.Ordinal)
                ? new (string, string?)[] { (Route + "Match:Headers:0:Mode", "Exists") }
                : [],
        ];

        var fault = Assert.Single(await CheckAsync(settings));

        Assert.Equal(Route + "Strangler:Anonymous", fault.Path);
        Assert.Contains(said, fault.Problem, StringComparison.Ordinal);
        Assert.Empty(
            GatewayCheck.Check(
                GatewaySetup.Configured("Host=127.0.0.1", "http://127.0.0.1:9000/", "legacy", settings),
                [new FakeResponder()]
            )
        );
        Assert.Empty(await CheckAsync([.. settings, (Route + "Strangler:Anonymous", "true")]));
    }

    /// <summary>Ages depend on clocks alone: a gateway serves nevertheless, and a person should know.</summary>
    [Theory]
    [InlineData("ItemAvailability", null, true)]
    [InlineData("ItemAvailability", "Host=127.0.0.1", false)]
    [InlineData(null, null, false)]
    public void Warnings_RouteWithAProjection_WithoutTheSource_NamesWhatIsNotCovered(
        string? projection,
        string? source,
        bool warns
    )
    {
        var configuration = GatewaySetup.Configured(
            "Host=127.0.0.1",
            "http://127.0.0.1:1",
            "legacy",
            (Projection, projection),
            (Projection.Replace("availability", "availabilities", StringComparison.Ordinal), null),
            ("Gateway:Source", source)
        );

        var warnings = GatewayCheck.Warnings(configuration);

        if (!warns)
            Assert.Empty(warnings);
        else
            Assert.StartsWith(
                "Gateway:Source: It is not set, and 'availability' may be answered from documents, whose age is "
                    + "then measured by clocks alone",
                Assert.Single(warnings).ToString(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task CheckAsync_NoRouteThatCouldBeCompared_LooksAtNothing() =>
        Assert.Empty(
            await CheckAsync(
                ("Gateway:Source", "Host=127.0.0.1;Port=1;Username=looker"),
                (Projection, null),
                (Key, null),
                ("ReverseProxy:Routes:availabilities:Strangler:Projection", null),
                ("ReverseProxy:Routes:availabilities:Strangler:Key", null)
            )
        );

    private static Task<IReadOnlyList<Fault>> CheckAsync(params (string Key, string? Value)[] settings) =>
        CheckAsync(null, settings);

    private static Task<IReadOnlyList<Fault>> CheckAsync(
        string? system,
        params (string Key, string? Value)[] settings
    ) =>
        GatewayCheck.CheckAsync(
            GatewaySetup.Configured("Host=127.0.0.1", "http://127.0.0.1:9000/", "legacy", settings),
            [new FakeResponder()],
            system,
            Cancellation
        );

    /// <summary>A database, and a login without rights on its tables.</summary>
    private async Task<(NpgsqlDataSource Data, string Looker)> SourceAsync()
    {
        var admin = await postgres.CreateDatabaseAsync("source");
        var data = NpgsqlDataSource.Create(admin);
        var login = $"looker_{Guid.NewGuid():N}";
        await using var create = data.CreateCommand($"create role {login} login password 'secret'");
        await create.ExecuteNonQueryAsync(Cancellation);
        return (
            data,
            new NpgsqlConnectionStringBuilder(admin) { Username = login, Password = "secret" }.ConnectionString
        );
    }
}
