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
            await using var command = data.CreateCommand("create table item (sku int primary key, name text); create table old_item (code text primary key); create view item_group as select 'a'::text as code, 'b'::text as name");
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
        Assert.Contains("strangler: public.item.sku: The column is integer, which the property", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item.price: The table has no column 'price'", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: Source:table.include.list: The table 'public.old_item' is not selected", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item_group: It is a view", errors, StringComparison.Ordinal);
        Assert.Contains("strangler: public.item_group_member: The source's database has no such table; ", errors, StringComparison.Ordinal);
        var lines = errors.TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
        Assert.Equal(lines.Distinct(), lines);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
