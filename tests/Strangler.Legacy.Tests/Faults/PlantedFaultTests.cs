using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Shop.Database;
using Shop.Faults;
using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;
using Strangler.Testing;
using Strangler.Testing.Oracle;
using Xunit;

namespace Strangler.Legacy.Tests.Faults;

/// <summary>Each planted fault against the real projection over the same rows.</summary>
public sealed partial class PlantedFaultTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, 123, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Faults_OfTheFileAndOfTheAssembly_AreTheSame()
    {
        Assert.InRange(PlantedFault.All.Count, 10, 100);
        Assert.Equal(
            typeof(IPlantedFault)
                .Assembly.GetTypes()
                .Where(type => type.IsClass && type.IsAssignableTo(typeof(IPlantedFault)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            PlantedFault.All.Select(fault => fault.Projection).Order(StringComparer.Ordinal)
        );
        Assert.All(
            PlantedFault.All,
            fault => Assert.Equal(fault.Name, Kebab().Replace(fault.Projection, "-$0").ToLowerInvariant())
        );
        Assert.All(
            PlantedFault.All,
            fault => Assert.DoesNotContain(fault.Wrong, character => character is '\t' or '\n')
        );
    }

    [Fact]
    public async Task Project_OfEachFault_DiffersOnItsKeysInItsFieldsAndNowhereElse()
    {
        var found = await CompareAsync(items: 400, every: 1);

        Assert.All(found, one => Assert.Contains(one.Fault.Fields[0], one.Fields));
        Assert.All(found, one => Assert.Empty(one.Fields.Except(one.Fault.Fields)));
        Assert.All(found, one => Assert.Subset(one.Touched, one.Differing));
    }

    [Fact, Trait("Category", "Long")]
    public async Task Project_OfEachFaultAndAsManyItemsAsTheDemoHas_DiffersInItsFieldsOnKeysThatTheTrafficReads()
    {
        // gathering here examines every row for every key, so that it is obviously correct: all hot keys and some of
        // the cold ones, by a step that the seed doesn't use
        var found = await CompareAsync(items: 10_000, every: 11);

        Assert.All(found, one => Assert.Contains(one.Fault.Fields[0], one.Fields));
        Assert.All(found, one => Assert.Empty(one.Fields.Except(one.Fault.Fields)));
        Assert.All(found, one => Assert.Subset(one.Touched, one.Differing));
        Assert.All(
            found,
            one =>
                Assert.True(
                    one.Differing.Count * 2 > one.Touched.Count,
                    $"The query of {one.Fault.Name} names {one.Touched.Count} of the compared items, of which "
                        + $"{one.Differing.Count} differ."
                )
        );
        Assert.All(
            found,
            one =>
                Assert.True(
                    one.Differing.Any(key => IsHot(key, 10_000)) || one.Differing.Count >= 10,
                    $"{one.Fault.Name} would hardly show in the demo's traffic."
                )
        );
    }

    private async Task<IReadOnlyList<Found>> CompareAsync(int items, int every)
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("faults"));
        await ShopDatabase.SeedAsync(database, items, Start, Cancelled);
        var real = await Ported<ItemAvailability, Sku, AvailabilityDocument>.ReadAsync(database, Cancelled);
        var rows = real
            .Keys.Where(key => IsHot(key, items) || Number(key) % every == 0)
            .ToDictionary(key => key, key => new Rows(real.Gather(key)));
        var documents = rows.ToDictionary(
            pair => pair.Key,
            pair => ItemAvailability.Project(pair.Key, pair.Value, Start).Document
        );
        var found = new List<Found>();

        foreach (var fault in PlantedFault.All)
        {
            var planted = await Planted.ReadAsync(fault.Class, database, rows, Cancelled);
            var (fields, differing) = (new HashSet<string>(), new HashSet<Sku>());
            foreach (var (key, document) in documents)
            {
                var paths = Differences(document, planted.Document(key, Start)).ToList();
                if (paths.Count > 0)
                    differing.Add(key);
                fields.UnionWith(paths);
            }
            found.Add(
                new(fault, fields, differing, (await KeysAsync(database, fault)).Where(rows.ContainsKey).ToHashSet())
            );
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault.Name, -22} {differing.Count, 6} of {items} items differ, "
                        + $"{differing.Count(key => IsHot(key, items))} of the hot ones; its query names "
                        + $"{found[^1].Touched.Count}; {string.Join(" ", fields.Order(StringComparer.Ordinal))}"
                )
            );
        }
        return found;
    }

    private static int Number(Sku key) => int.Parse(key.ToString(), CultureInfo.InvariantCulture);

    // Four of five reads of the traffic are about these, one of five about any key.
    private static bool IsHot(Sku key, int items) => Number(key) <= Math.Max(20, items / 500);

    /// <summary>In the fields of any area's answer.</summary>
    private static IEnumerable<string> Differences(AvailabilityDocument? real, AvailabilityDocument? faulty)
    {
        if (real is null || faulty is null)
            return ReferenceEquals(real, faulty) ? [] : ["status"];
        return real
            .Areas.Keys.Union(faulty.Areas.Keys)
            .SelectMany(area =>
                (real.Areas.GetValueOrDefault(area), faulty.Areas.GetValueOrDefault(area)) switch
                {
                    (null, _) or (_, null) => ["status"],
                    var (one, other) => FieldDifferences.Between(Json(one), Json(other)),
                }
            );
    }

    private static JsonNode? Json(Availability availability) =>
        JsonSerializer.SerializeToNode(availability, JsonSerializerOptions.Web);

    private static async Task<HashSet<Sku>> KeysAsync(NpgsqlDataSource database, PlantedFault fault)
    {
        await using var command = database.CreateCommand(fault.Keys);
        command.Parameters.AddWithValue("now", Start);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var keys = new HashSet<Sku>();
        while (await reader.ReadAsync(Cancelled))
            keys.Add(Sku.Parse(reader.GetString(0), null));
        return keys;
    }

    /// <param name="Fields">The fields in which the fault's documents differ from the real ones.</param>
    /// <param name="Differing">The keys of those documents.</param>
    /// <param name="Touched">The keys that the fault's query names.</param>
    private sealed record Found(
        PlantedFault Fault,
        HashSet<string> Fields,
        HashSet<Sku> Differing,
        HashSet<Sku> Touched
    );

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Kebab();
}
