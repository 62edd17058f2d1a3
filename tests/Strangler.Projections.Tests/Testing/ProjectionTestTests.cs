using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strangler.Foundation.Faults;
using Strangler.Projections.Testing;
using Strangler.Projections.Tests.Applying;
using Xunit;

namespace Strangler.Projections.Tests.Testing;

/// <summary>What a team's test of a projection sees.</summary>
public sealed class ProjectionTestTests
{
    private static readonly ProjectionTest<Menu, int, MenuDocument> Menus = new();

    [Fact]
    public void Document_RowsOfSeveralKeys_IsMadeOfThoseThatThePathsReach()
    {
        var given = Menus.Given(
            new Meal(1, 10, "Soup", 4.50m),
            new Meal(2, 20, "Salad", 6m),
            new Kitchen(10, "North"),
            new Kitchen(20, "South"),
            new Holiday(new DateOnly(2026, 5, 1))
        );

        Assert.Equal("""{"name":"Soup","price":4.50,"kitchen":"North","holidays":1}""", given.Document(1).Json);
        Assert.Equal(new MenuDocument("Salad", 6m, "South", 1), given.Document(2).Read());
        Assert.True(given.Document(3).IsAbsent);
    }

    [Fact]
    public void Document_ProjectAsksLegacy_HasItsReasonAndIsNeitherADocumentNorAbsent()
    {
        var given = new ProjectionTest<UnsureStocks, Sku, StockDocument>().Given(
            new Stocks.Stock("a", -1, null),
            new Stocks.Stock("b", 1, null)
        );

        var document = given.Document(new Sku("a"));

        Assert.Equal(("quantity -1", null, false), (document.LegacyReason, document.Json, document.IsAbsent));
        Assert.Equal("quantity -1", given.Respond(new Sku("b"), new Sku("a")).LegacyReason);
        given.CheckProperties();
    }

    [Fact]
    public void Document_ProjectThrows_SaysForWhichKeyAndRows()
    {
        var given = Menus.Given(new Meal(1, 10, "Soup", 4.50m));

        var exception = Assert.Throws<ProjectionTestException>(() => given.Document(1));

        Assert.Contains("Menu.Project failed for the key '1'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"Soup\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_RowOfAnotherType_NamesThoseThatAreDeclared()
    {
        var exception = Assert.Throws<ProjectionTestException>(() => Menus.Given("Soup"));

        Assert.Equal(
            "Menu declares no table whose rows are String; it declares Meal, Kitchen, Holiday.",
            exception.Message
        );
    }

    [Fact]
    public void Given_NullInAPropertyThatTakesNone_IsRefused()
    {
        var exception = Assert.Throws<ProjectionTestException>(() => Menus.Given(new Meal(1, 10, null!, 4.50m)));

        Assert.Contains("The column 'name' holds null", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_TwoRowsWithOnePrimaryKey_IsRefused()
    {
        var menus = new ProjectionTest<Menu, int, MenuDocument>().PrimaryKey<Kitchen>(kitchen => kitchen.Id);

        var exception = Assert.Throws<ProjectionTestException>(() =>
            menus.Given(new Kitchen(10, "North"), new Kitchen(10, "South"))
        );

        Assert.Equal("Two rows of Kitchen have the primary key {\"key\":10}.", exception.Message);
    }

    [Fact]
    public void ProjectionTest_FaultyDeclaration_ThrowsItsFaults()
    {
        var exception = Assert.Throws<FaultException>(() => new ProjectionTest<Nowhere, int, MenuDocument>());

        Assert.Contains(exception.Faults, fault => fault.Problem.Contains("isn't supported", StringComparison.Ordinal));
    }

    [Fact]
    public void PrimaryKey_RowsInAnyOrder_SortsThemAsProductionDoes()
    {
        var lines = new ProjectionTest<Lines, int, LinesDocument>().PrimaryKey<Line>(line => (line.Bill, line.Number));

        var given = lines.Given(new Line(1, 10, "c"), new Line(1, 2, "b"), new Line(1, 1, "a"));

        Assert.Equal("""{"text":"abc"}""", given.Document(1).Json);
        given.CheckOrder();
    }

    [Fact]
    public void Respond_Keys_AnswersAsTheGatewayDoes()
    {
        var given = Menus.Given(new Meal(1, 10, "Soup", 4.50m), new Kitchen(10, "North"));

        Assert.Equal(200, given.Respond(1).Status);
        Assert.Equal(given.Document(1).Json, System.Text.Encoding.UTF8.GetString(given.Respond(1).Body.Span));
        Assert.Equal(404, given.Respond(2).Status);
    }

    [Fact]
    public void Given_ValuesOfEveryType_ReachProjectUnchanged()
    {
        var row = new Everything(
            Id: 1,
            Flag: true,
            Small: -3,
            Large: long.MaxValue,
            Real: 0.1f,
            Double: double.NegativeInfinity,
            Exact: 12.340m,
            Text: "naïve \"quoted\" 😀",
            Uuid: Guid.Parse("7d9f6e0e-5f0b-4c53-9d0f-0d6e6f0c9a11"),
            Day: new DateOnly(2026, 2, 28),
            Time: new TimeOnly(23, 59, 59, 123, 456),
            Stamp: new DateTime(2026, 2, 28, 1, 2, 3, 4),
            Instant: new DateTimeOffset(2026, 2, 28, 1, 2, 3, TimeSpan.FromHours(5)),
            Bytes: [1, 2, 255],
            State: State.OnHold,
            Nothing: null,
            Texts: ["a", null],
            Numbers: [1, null, 3]
        );

        var read = new ProjectionTest<Everythings, int, EverythingDocument>().Given(row).Document(1).Read()!.Row;

        Assert.Equal(JsonSerializer.Serialize(Shown(row)), JsonSerializer.Serialize(Shown(read)));

        static Everything Shown(Everything row) =>
            row with
            {
                Double = double.IsNegativeInfinity(row.Double) ? 1 : 0,
                Instant = row.Instant.ToUniversalTime(),
            };
    }

    public sealed record Meal(int Id, int KitchenId, string Name, decimal Price);

    public sealed record Kitchen(int Id, string Name);

    public sealed record Holiday(DateOnly Day);

    public sealed record MenuDocument(string Name, decimal Price, string Kitchen, int Holidays);

    private sealed class Menu : IProjection<int, MenuDocument>
    {
        public static void Declare(ISources<int> from)
        {
            from.Table<Meal>("public.meal").Key(meal => meal.Id);
            from.Table<Kitchen>("public.kitchen").Through((Meal meal) => meal.KitchenId, kitchen => kitchen.Id);
            from.Table<Holiday>("public.holiday").Everywhere();
        }

        public static Projected<MenuDocument> Project(int key, Rows rows, DateTimeOffset now)
        {
            var meal = rows.Single<Meal>()!;
            return new(
                new MenuDocument(meal.Name, meal.Price, rows.Single<Kitchen>()!.Name, rows.All<Holiday>().Count)
            );
        }
    }

    public sealed record Bare(int Id, object Thing);

    private sealed class Nowhere : IProjection<int, MenuDocument>
    {
        public static void Declare(ISources<int> from) => from.Table<Bare>("public.bare").Key(bare => bare.Id);

        public static Projected<MenuDocument> Project(int key, Rows rows, DateTimeOffset now) => default;
    }

    public sealed record Line(int Bill, int Number, string Text);

    public sealed record LinesDocument(string Text);

    private sealed class Lines : IProjection<int, LinesDocument>
    {
        public static void Declare(ISources<int> from) => from.Table<Line>("public.line").Key(line => line.Bill);

        public static Projected<LinesDocument> Project(int key, Rows rows, DateTimeOffset now) =>
            new(new LinesDocument(string.Concat(rows.All<Line>().Select(line => line.Text))));
    }

    public enum State
    {
        New,

        [EnumMember(Value = "on hold")]
        OnHold,
    }

    public sealed record Everything(
        int Id,
        bool Flag,
        short Small,
        long Large,
        float Real,
        double Double,
        decimal Exact,
        string Text,
        Guid Uuid,
        DateOnly Day,
        TimeOnly Time,
        DateTime Stamp,
        DateTimeOffset Instant,
        byte[] Bytes,
        State State,
        int? Nothing,
        string?[] Texts,
        int?[] Numbers
    );

    public sealed record EverythingDocument(Everything Row);

    private sealed class Everythings : IProjection<int, EverythingDocument>
    {
        public static JsonSerializerOptions Json { get; } =
            new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

        public static void Declare(ISources<int> from) =>
            from.Table<Everything>("public.everything").Key(row => row.Id);

        public static Projected<EverythingDocument> Project(int key, Rows rows, DateTimeOffset now) =>
            new(new EverythingDocument(rows.Single<Everything>()!));
    }
}
