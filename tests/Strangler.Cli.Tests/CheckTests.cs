using System.Text.Json;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary><c>strangler check</c> against a database whose tables don't match the sample's projections.</summary>
public sealed class CheckTests(PostgresFixture postgres) : IDisposable
{
    /// <summary>One route, which begins in shadow.</summary>
    private static readonly object Proxy = new
    {
        Routes = new
        {
            item = new
            {
                ClusterId = "legacy",
                Match = new { Path = "/api/items/{sku}" },
                Strangler = new
                {
                    Stage = "shadow",
                    Projection = "ItemDetails",
                    Key = "{sku}",
                },
            },
        },
        Clusters = new { legacy = new { Destinations = new { d1 = new { Address = "http://127.0.0.1:9000/" } } } },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-cli-").FullName;

    [Fact]
    public async Task Check_TablesThatDoNotFitAreNotSelectedOrAreAbsent_SaysAllAndExitsWithTwo()
    {
        var connection = await postgres.CreateDatabaseAsync("check");
        await using (var data = NpgsqlDataSource.Create(connection))
        {
            await using var command = data.CreateCommand(
                "create table item (sku int primary key, name text, released_on int); create table old_item (code "
                    + "text primary key); create view item_group as select 'a'::text as code, 'b'::text as name"
            );
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var source = new NpgsqlConnectionStringBuilder(connection);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            JsonSerializer.Serialize(
                new
                {
                    Store = new { ConnectionString = connection },
                    Source = new Dictionary<string, string?>
                    {
                        ["topic.prefix"] = "shop",
                        ["database.hostname"] = source.Host,
                        ["database.port"] = $"{source.Port}",
                        ["database.user"] = source.Username,
                        ["database.password"] = source.Password,
                        ["database.dbname"] = source.Database,
                        ["slot.name"] = "check",
                        ["table.include.list"] = "public.item",
                    },
                    Projections = new { Assemblies = (string[])["projections/Strangler.Legacy.Projections.dll"] },
                }
            ),
            TestContext.Current.CancellationToken
        );

        var (code, _, errors) = await StranglerProgram.RunAsync(_folder, "check");

        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains(
            "strangler: public.item.released_on: The column is integer, which the property",
            errors,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "strangler: public.item.price: The table has no column 'price'",
            errors,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "strangler: Source:table.include.list: The table 'public.old_item' is not selected",
            errors,
            StringComparison.Ordinal
        );
        Assert.Contains("strangler: public.item_group: It is a view", errors, StringComparison.Ordinal);
        Assert.Contains(
            "strangler: public.item_group_member: The source's database has no such table; ",
            errors,
            StringComparison.Ordinal
        );
        var lines = errors.TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
        Assert.Equal(lines.Distinct(), lines);
    }

    /// <summary>What comparing needs is checked before anybody waits for a verdict.</summary>
    [Fact]
    public async Task Check_RouteInShadowWhoseSourceDoesNotAnswerAndNobodyIsAskedForMoments_SaysBothAndExitsWithTwo()
    {
        var connection = await postgres.CreateDatabaseAsync("check");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            JsonSerializer.Serialize(
                new
                {
                    Store = new { ConnectionString = connection },
                    Projections = new { Assemblies = (string[])["projections/Strangler.Legacy.Projections.dll"] },
                    Gateway = new
                    {
                        Urls = "http://127.0.0.1:8080",
                        Admin = "http://127.0.0.1:8081",
                        Source = "Host=127.0.0.1;Port=1;Username=looker;Password=secret;Database=shop",
                    },
                    ReverseProxy = Proxy,
                }
            ),
            TestContext.Current.CancellationToken
        );

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "check");

        BadInputTests.AssertFault(
            "strangler: Projections:Moments: The route 'item' can be compared, but no address of the projections is "
                + "set",
            code,
            output,
            errors
        );
        BadInputTests.AssertFault(
            "strangler: Gateway:Source: No PostgreSQL answers at '127.0.0.1:1'",
            code,
            output,
            errors
        );
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    /// <summary>A clock that differs from this machine's, by a function that hides the server's own.</summary>
    [Theory]
    [InlineData(
        "90 s",
        @"^warning: The source's clock is (8[89]|9[01])\.\d s ahead of this gateway's\. "
            + @"Look at both machines' time synchronization\."
    )]
    [InlineData(
        "-90 s",
        @"^warning: The source's clock is (8[89]|9[01])\.\d s behind this gateway's\. "
            + @"Look at both machines' time synchronization\."
    )]
    [InlineData("0 s", null)]
    public async Task Check_SourceWhoseClockDiffers_WarnsOfIt(string ahead, string? warning)
    {
        var connection = await postgres.CreateDatabaseAsync("check");
        await using (var data = NpgsqlDataSource.Create(connection))
        {
            await using var command = data.CreateCommand(
                $"""
                create schema clock;
                create function clock.clock_timestamp() returns timestamptz language sql
                    as $$ select pg_catalog.clock_timestamp() + interval '{ahead}' $$;
                """
            );
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var looked = new NpgsqlConnectionStringBuilder(connection) { SearchPath = "clock,pg_catalog" };
        await ConfigureAsync(connection, looked.ConnectionString, new NpgsqlConnectionStringBuilder(connection));
        await StranglerProgram.RunAsync(_folder, "migrate");

        var (_, output, _) = await StranglerProgram.RunAsync(_folder, "check");

        var clocks = output.Split('\n').Where(line => line.Contains("clock", StringComparison.Ordinal)).ToList();
        if (warning is null)
            Assert.Empty(clocks);
        else
            Assert.Matches(warning, Assert.Single(clocks));
    }

    /// <summary>What can't be checked is reported once for each login, and nothing is guessed about it.</summary>
    [Fact]
    public async Task Check_SourceThatCannotBeReached_SaysItOfEachLoginAndNothingElseOfIt()
    {
        var store = await postgres.CreateDatabaseAsync("check");
        const string Away = "Host=127.0.0.1;Port=1;Username=looker;Password=secret;Database=shop";
        await ConfigureAsync(store, Away, new NpgsqlConnectionStringBuilder(Away));
        await StranglerProgram.RunAsync(_folder, "migrate");

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "check");

        Assert.Equal(ExitCode.Fault, code);
        var faults = errors
            .TrimEnd()
            .Split('\n')
            .Where(line => !line.StartsWith("strangler: warning: ", StringComparison.Ordinal)) // of the file's mode
            .Select(line => line.Split(":1': ")[0]);
        Assert.Equal(
            [
                "strangler: Gateway:Source: No PostgreSQL answers at '127.0.0.1",
                "strangler: Source: No PostgreSQL answers at '127.0.0.1",
            ],
            faults.Order(StringComparer.Ordinal)
        );
        Assert.Empty(output);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    /// <summary>A part works with its own login, so the owner's proves nothing about it.</summary>
    [Fact]
    public async Task Check_LoginsOfTheParts_AreTriedAndWhatEachLacksIsSaid()
    {
        var store = await postgres.CreateDatabaseAsync("check");
        await ConfigureAsync(store, store, new NpgsqlConnectionStringBuilder(store));
        await StranglerProgram.RunAsync(_folder, "migrate");
        await using (var data = NpgsqlDataSource.Create(store))
        {
            await using var command = data.CreateCommand(
                """
                create role check_projections login password 'p';
                create role check_gateway login password 'g';
                grant usage on schema gateway to check_gateway;
                grant select, insert, update, delete on all tables in schema gateway to check_gateway;
                revoke delete on gateway.route from check_gateway;
                """
            );
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var logins = new Dictionary<string, string?>
        {
            ["STRANGLER__Store__BridgeConnectionString"] = Login("check_bridge"),
            ["STRANGLER__Store__ProjectionsConnectionString"] = Login("check_projections", "p"),
            ["STRANGLER__Store__GatewayConnectionString"] = Login("check_gateway", "g"),
        };

        var (code, _, errors) = await StranglerProgram.RunAsync(_folder, logins, "check");

        Assert.Equal(ExitCode.Fault, code);
        var said = errors
            .Split('\n')
            .Where(line => line.Contains("ConnectionString: ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(3, said.Count);
        Assert.StartsWith("strangler: Store:BridgeConnectionString: The server", said[0], StringComparison.Ordinal);
        Assert.Contains("refused the login 'check_bridge'", said[0], StringComparison.Ordinal);
        Assert.Matches(
            @"^strangler: Store:ProjectionsConnectionString: The login 'check_projections' may not write "
                + @"projections\.\w+, projections\.\w+, projections\.\w+ and \d+ more tables\. Run "
                + @"'compose/store-rights\.sql' as the login of Store:ConnectionString, "
                + @"after each 'strangler migrate' too\.$",
            said[1]
        );
        Assert.StartsWith(
            "strangler: Store:GatewayConnectionString: The login 'check_gateway' may not write gateway.route. Run",
            said[2],
            StringComparison.Ordinal
        );

        string Login(string user, string password = "wrong") =>
            new NpgsqlConnectionStringBuilder(store) { Username = user, Password = password }.ConnectionString;
    }

    /// <summary>A configuration of every part whose source is read and looked at.</summary>
    private Task ConfigureAsync(string store, string looked, NpgsqlConnectionStringBuilder source) =>
        File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            JsonSerializer.Serialize(
                new
                {
                    Store = new { ConnectionString = store },
                    Source = new Dictionary<string, string?>
                    {
                        ["topic.prefix"] = "shop",
                        ["database.hostname"] = source.Host,
                        ["database.port"] = $"{source.Port}",
                        ["database.user"] = source.Username,
                        ["database.password"] = source.Password,
                        ["database.dbname"] = source.Database,
                        ["slot.name"] = "check",
                    },
                    Projections = new
                    {
                        Assemblies = (string[])["projections/Strangler.Legacy.Projections.dll"],
                        Moments = "http://127.0.0.1:8082",
                    },
                    Gateway = new
                    {
                        Urls = "http://127.0.0.1:8080",
                        Admin = "http://127.0.0.1:8081",
                        Source = looked,
                    },
                    ReverseProxy = Proxy,
                }
            ),
            TestContext.Current.CancellationToken
        );

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
