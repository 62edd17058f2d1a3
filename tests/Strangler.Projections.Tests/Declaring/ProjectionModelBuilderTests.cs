using System.Diagnostics.CodeAnalysis;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

public sealed class ProjectionModelBuilderTests
{
    internal readonly record struct Sku(string Value) : IParsable<Sku>
    {
        public static Sku Parse(string s, IFormatProvider? provider) =>
            TryParse(s, provider, out var sku) ? sku : throw new FormatException($"'{s}' is not a SKU.");

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Sku result)
        {
            result = new(s?.Trim().ToUpperInvariant() ?? "");
            return result.Value.Length > 0;
        }

        public override string ToString() => Value;
    }

    /// <summary>A key type without its own ToString.</summary>
    internal readonly record struct Mute(string Value) : IParsable<Mute>
    {
        public static Mute Parse(string s, IFormatProvider? provider) => new(s);

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Mute result)
        {
            result = new(s ?? "");
            return s is not null;
        }
    }

    internal sealed record Stock(string? Sku, int WarehouseId, int OnHand);

    internal sealed record Warehouse(long Id, string Area);

    internal sealed record Area(string Name);

    internal sealed record Availability(string Sku, int Quantity);

    internal sealed class ItemAvailability : IProjection<Sku, Availability>
    {
        public static readonly Func<Stock, long?> ToWarehouse = stock => stock.WarehouseId;

        public static void Declare(ISources<Sku> from)
        {
            from.Table<Stock>("public.stock").Key(s => s.Sku is null ? null : new(s.Sku));
            from.Table<Warehouse>("public.warehouse")
                .Through(ToWarehouse, w => w.Id)
                .Through<Stock, long?>(ToWarehouse, w => w.Id + 1);
            from.Table<Area>("public.area").Through((Warehouse w) => w.Area, a => a.Name);
        }

        public static Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now) =>
            rows.All<Stock>() switch
            {
                [] => Projected<Availability>.Absent,
                [{ OnHand: < 0 }] => new(new(key.Value, 0), now),
                var stocks => new(new(key.Value, stocks.Sum(stock => stock.OnHand)), now.AddTicks(25)),
            };

        public static Answer Respond(AnswerRequest request, Documents<Sku, Availability> documents) =>
            Answer.Json(
                207,
                Enumerable.Range(0, documents.Count).Select(i => documents.At(i)?.Quantity).ToArray(),
                documents.Json
            );
    }

    internal abstract class Template<TSelf> : IProjection<Sku, Availability>
        where TSelf : IDeclares
    {
        public static void Declare(ISources<Sku> from) => TSelf.Say(from);

        public static Projected<Availability> Project(Sku key, Rows rows, DateTimeOffset now) => new(new(key.Value, 1));
    }

    internal interface IDeclares
    {
        static abstract void Say(ISources<Sku> from);
    }

    internal sealed class Faulty : Template<Faulty>, IDeclares
    {
        public static void Say(ISources<Sku> from)
        {
            from.Table<Warehouse>("public.warehouse").Through((Stock s) => (long)s.WarehouseId, w => w.Id);
            from.Table<Stock>("stock").Key(s => new Sku(s.Sku!));
            from.Table<Area>("public.warehouse").Everywhere();
            from.Table<Odd>("public.odd").Through((Stock s) => new Uri(s.Sku!), o => new Uri("a:b"));
        }
    }

    internal sealed record Odd(Uri Link, char Letter);

    internal sealed class Pathless : Template<Pathless>, IDeclares
    {
        public static void Say(ISources<Sku> from) =>
            from.Table<Warehouse>("public.warehouse").Through((Warehouse w) => w.Id, w => w.Id);
    }

    internal sealed class Throwing : Template<Throwing>, IDeclares
    {
        public static void Say(ISources<Sku> from) => throw new InvalidOperationException("not today");
    }

    internal sealed class Plain : Template<Plain>, IDeclares
    {
        public static void Say(ISources<Sku> from) => from.Table<Stock>("public.stock").Key(s => new Sku(s.Sku!));
    }

    internal sealed class MuteKey : IProjection<Mute, Availability>
    {
        public static void Declare(ISources<Mute> from) => from.Table<Stock>("public.stock").Key(s => new Mute(s.Sku!));

        public static Projected<Availability> Project(Mute key, Rows rows, DateTimeOffset now) => default;
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly AnswerRequest Request = new(
        "GET",
        new Dictionary<string, string>(),
        new Dictionary<string, string>(),
        null
    );

    [Fact]
    public void Build_Declaration_IsTablesAndHopsInOrder()
    {
        var model = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1");

        Assert.Equal(new ProjectionId("ItemAvailability", "v1"), model.Id);
        Assert.Equal(
            ["public.stock", "public.warehouse", "public.area"],
            model.Tables.Select(table => $"{table.Schema}.{table.Name}")
        );
        Assert.Equal([1, 2, 1], model.Tables.Select(table => table.Hops.Count));
        Assert.Equal(["sku", "warehouse_id", "on_hand"], model.Tables[0].Columns.Select(column => column.Name));
        Assert.Equal([true, false, false], model.Tables[0].Columns.Select(column => column.Nullable));
        var hop = Assert.IsType<Hop.FromRow>(model.Tables[2].Hops[0]);
        Assert.Equal((model.Tables[1], model.Tables[2]), (hop.From.Table, hop.To.Table));
    }

    [Fact]
    public void Build_LambdasOfTwoHops_AreTwoLinksUnlessTheyAreOneDelegate()
    {
        var model = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1");

        // the key and one far side; two own sides and one far side; one own side
        Assert.Equal([2, 3, 1], model.Tables.Select(table => table.Links.Count));
        Assert.All(
            model.Tables,
            table => Assert.Equal(Enumerable.Range(0, table.Links.Count), table.Links.Select(link => link.Ordinal))
        );
    }

    [Fact]
    public void Links_OfARow_AreTextsThatMeet()
    {
        var model = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1");
        var stock = model.Tables[0].Read(Encoding.UTF8.GetBytes("""{"sku":" a1","warehouse_id":5,"on_hand":3}"""));
        var warehouse = model.Tables[1].Read(Encoding.UTF8.GetBytes("""{"id":5,"area":"north"}"""));

        Assert.Equal([" a1", "5"], model.Tables[0].Links.Select(link => link.Value(stock)));
        Assert.Equal(["5", "6", "north"], model.Tables[1].Links.Select(link => link.Value(warehouse)));
        Assert.Null(model.Tables[0].Links[0].Value(new Stock(null, 1, 1)));
    }

    [Fact]
    public void Compute_RowsOfAKey_IsTheDocumentInBytesAndTheTimeInMicroseconds()
    {
        var model = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1");

        var computed = model.Compute("A1", Rows.Of(new Stock("A1", 1, 3), new Stock("A1", 2, 4)), Now);

        Assert.Equal("""{"sku":"A1","quantity":7}""", Encoding.UTF8.GetString(computed.Bytes!));
        Assert.Equal(Now.AddTicks(20), computed.RecomputeAt);
        Assert.Null(model.Compute("A1", Rows.Of(), Now).Bytes);
    }

    [Fact]
    public void Compute_RecomputeAtThatIsNotAfterNow_Throws() =>
        Assert.Contains(
            "not after now",
            Assert
                .Throws<InvalidOperationException>(() =>
                    ProjectionModelBuilder
                        .Build(typeof(ItemAvailability), "v1")
                        .Compute("A1", Rows.Of(new Stock("A1", 1, -1)), Now)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(" a1 ", "A1")]
    [InlineData("A1", "A1")]
    [InlineData("  ", null)]
    [InlineData("a\0", null)]
    public void Canonical_Text_IsTheKeysOwnText(string text, string? canonical)
    {
        var model = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1");

        Assert.Equal(canonical, model.Canonical(text));
        Assert.Equal(canonical, model.Responder.Canonical(text));
    }

    [Fact]
    public void Respond_OfTheClass_IsCalledWithDocumentsInOrder()
    {
        var responder = ProjectionModelBuilder.Build(typeof(ItemAvailability), "v1").Responder;

        var answer = responder.Respond(
            Request,
            [("B", null), ("A", Encoding.UTF8.GetBytes("""{"sku":"A","quantity":7}"""))]
        );

        Assert.Equal((207, "[null,7]"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
    }

    [Fact]
    public void Respond_WithoutOne_IsTheDocumentsBytesOr404()
    {
        var responder = ProjectionModelBuilder.Build(typeof(Plain), "v1").Responder;
        byte[] bytes = [.. "{ \"as\": \"it is\" }"u8];

        Assert.Equal(
            (200, "{ \"as\": \"it is\" }"),
            (
                responder.Respond(Request, [("A", bytes)]).Status,
                Encoding.UTF8.GetString(responder.Respond(Request, [("A", bytes)]).Body.Span)
            )
        );
        Assert.Equal(404, responder.Respond(Request, [("A", null)]).Status);
        Assert.Throws<InvalidOperationException>(() => responder.Respond(Request, [("A", null), ("B", null)]));
    }

    [Fact]
    public void Build_FaultyDeclaration_SaysAllFaultsAtOnce()
    {
        var faults = Assert.Throws<FaultException>(() => ProjectionModelBuilder.Build(typeof(Faulty), "v1")).Faults;

        Assert.All(faults, fault => Assert.StartsWith("Faulty", fault.Path, StringComparison.Ordinal));
        Assert.Equal(
            [
                "reached through Stock, which no table declared before it",
                "'stock' is not the name of a table",
                "declared with the row type Warehouse, and again with Area",
                "Odd.Link has the type Uri",
                "Odd.Letter has the type char",
                "by values of type Uri, which have no canonical text",
            ],
            faults.Select(fault => fault.Problem),
            (said, problem) => problem.Contains(said, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Build_TableReachedFromItselfOnlyAndNoKey_AreFaults()
    {
        var faults = Assert.Throws<FaultException>(() => ProjectionModelBuilder.Build(typeof(Pathless), "v1")).Faults;

        Assert.Equal(
            [
                "No path leads from a key to its rows.",
                "None of its tables names the key, so it would have no documents.",
            ],
            faults.Select(fault => fault.Problem)
        );
    }

    [Fact]
    public void Build_DeclareThatThrows_IsASentence() =>
        Assert.Contains(
            "InvalidOperationException: not today",
            Assert.Throws<FaultException>(() => ProjectionModelBuilder.Build(typeof(Throwing), "v1")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Build_KeyWhoseTextIsNotReadBack_IsAFault() =>
        Assert.Contains(
            "'Mute { Value = a }', which it reads as another key",
            Assert.Throws<FaultException>(() => ProjectionModelBuilder.Build(typeof(MuteKey), "v1")).Message,
            StringComparison.Ordinal
        );
}
