using System.Text.Json;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary><c>strangler check</c> against a database whose tables the sample's projections do not fit.</summary>
public sealed class CheckTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-cli-").FullName;

    [Fact]
    public async Task Check_TablesThatDoNotFitAreNotSelectedOrAreAbsent_SaysAllAndExitsWithTwo()
    {
        var connection = await postgres.CreateDatabaseAsync("check");
        await using (var data = NpgsqlDataSource.Create(connection))
        {
            await using var command = data.CreateCommand("create table item (sku int primary key, name text, released_on int); create table old_item (code text primary key); create view item_group as select 'a'::text as code, 'b'::text as name");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var source = new NpgsqlConnectionStringBuilder(connection);
        await File.WriteAllTextAsync(Path.Combine(_folder, "strangler.json"), JsonSerializer.Serialize(new
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
        }), TestContext.Current.CancellationToken);

        var (code, _, errors) = await StranglerProgram.RunAsync(_folder, "check");

        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains("strangler: public.item.released_on: The column is integer, which the property", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item.price: The table has no column 'price'", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: Source:table.include.list: The table 'public.old_item' is not selected", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item_group: It is a view", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item_group_member: The source's database has no such table; ", errors, StringComparison.Ordinal);
        var lines = errors.TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
        Assert.Equal(lines.Distinct(), lines);
    }

    /// <summary>What comparing needs is looked at before anybody waits for a verdict.</summary>
    [Fact]
    public async Task Check_RouteInShadowWhoseSourceDoesNotAnswerAndNobodyIsAskedForMoments_SaysBothAndExitsWithTwo()
    {
        var connection = await postgres.CreateDatabaseAsync("check");
        await File.WriteAllTextAsync(Path.Combine(_folder, "strangler.json"), JsonSerializer.Serialize(new
        {
            Store = new { ConnectionString = connection },
            Projections = new { Assemblies = (string[])["projections/Strangler.Legacy.Projections.dll"] },
            Gateway = new { Urls = "http://127.0.0.1:8080", Admin = "http://127.0.0.1:8081", Source = "Host=127.0.0.1;Port=1;Username=looker;Password=secret;Database=shop" },
            ReverseProxy = new
            {
                Routes = new { item = new { ClusterId = "legacy", Match = new { Path = "/api/items/{sku}" }, Strangler = new { Stage = "shadow", Projection = "ItemDetails", Key = "{sku}" } } },
                Clusters = new { legacy = new { Destinations = new { d1 = new { Address = "http://127.0.0.1:9000/" } } } },
            },
        }), TestContext.Current.CancellationToken);

        var (code, output, errors) = await StranglerProgram.RunAsync(_folder, "check");

        BadInputTests.AssertFault("strangler: Projections:Moments: The route 'item' can be compared, and nobody knows where the projections are asked", code, output, errors);
        BadInputTests.AssertFault("strangler: Gateway:Source: No PostgreSQL answers at '127.0.0.1:1'", code, output, errors);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
