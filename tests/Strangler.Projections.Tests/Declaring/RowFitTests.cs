using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

public sealed class RowFitTests
{
    private const uint OwnType = 16_400;

    [Theory]
    [InlineData(typeof(bool), 16u, "boolean")]
    [InlineData(typeof(short), 21u, "smallint")]
    [InlineData(typeof(long), 21u, "smallint")]
    [InlineData(typeof(int), 23u, "integer")]
    [InlineData(typeof(decimal), 23u, "integer")]
    [InlineData(typeof(long), 20u, "bigint")]
    [InlineData(typeof(long), 26u, "oid")]
    [InlineData(typeof(float), 700u, "real")]
    [InlineData(typeof(double), 701u, "double precision")]
    [InlineData(typeof(decimal), 1700u, "numeric(10,2)")]
    [InlineData(typeof(string), 1043u, "character varying(20)")]
    [InlineData(typeof(DayOfWeek), 25u, "text")]
    [InlineData(typeof(string), OwnType, "mood")]
    [InlineData(typeof(DayOfWeek), OwnType, "mood")]
    [InlineData(typeof(string), 3802u, "jsonb")]
    [InlineData(typeof(string), 1186u, "interval")]
    [InlineData(typeof(Guid), 2950u, "uuid")]
    [InlineData(typeof(DateOnly), 1082u, "date")]
    [InlineData(typeof(TimeOnly), 1083u, "time without time zone")]
    [InlineData(typeof(DateTime), 1114u, "timestamp without time zone")]
    [InlineData(typeof(DateTimeOffset), 1184u, "timestamp with time zone")]
    [InlineData(typeof(byte[]), 17u, "bytea")]
    [InlineData(typeof(int?[]), 1007u, "integer[]")]
    [InlineData(typeof(string[]), 1009u, "text[]")]
    [InlineData(typeof(byte[][]), 1001u, "bytea[]")]
    [InlineData(typeof(DayOfWeek[]), OwnType, "mood[]")]
    [InlineData(typeof(string), 1184u, "timestamp with time zone")]
    [InlineData(typeof(string), 1700u, "numeric")]
    [InlineData(typeof(string), 16u, "boolean")]
    [InlineData(typeof(string), 17u, "bytea")]
    [InlineData(typeof(string), 1007u, "integer[]")]
    [InlineData(typeof(string[]), 1231u, "numeric[]")]
    public void Faults_PropertyThatHoldsTheColumn_AreNone(Type property, uint oid, string type) =>
        Assert.Empty(RowFit.Faults(Table(property), Schema(new("qty", type, oid, false, null))));

    [Theory]
    [InlineData(typeof(int), 20u, "bigint", "long or decimal or string")]
    [InlineData(typeof(short), 23u, "integer", "int or long or decimal or string")]
    [InlineData(typeof(double), 700u, "real", "float or string")]
    [InlineData(typeof(double), 1700u, "numeric", "decimal or string")]
    [InlineData(typeof(decimal), 701u, "double precision", "double or string")]
    [InlineData(typeof(DateTime), 1184u, "timestamp with time zone", "DateTimeOffset or string")]
    [InlineData(typeof(DateTimeOffset), 1114u, "timestamp without time zone", "DateTime or string")]
    [InlineData(typeof(int), 25u, "text", "string or an enum")]
    [InlineData(typeof(DayOfWeek), 23u, "integer", "int or long or decimal or string")]
    [InlineData(typeof(Guid), 1009u, "text[]", "string[] or an array of an enum or string")]
    [InlineData(typeof(string[]), 25u, "text", "string or an enum")]
    [InlineData(typeof(int[]), 17u, "bytea", "byte[] or string")]
    [InlineData(typeof(Guid), OwnType, "mood", "string or an enum")]
    public void Faults_PropertyOfAnotherType_IsASentenceWithBothTypes(
        Type property,
        uint oid,
        string type,
        string wayOut
    )
    {
        var fault = Assert.Single(RowFit.Faults(Table(property), Schema(new("qty", type, oid, false, null))));

        Assert.Equal("public.stock.qty", fault.Path);
        Assert.Contains($"is {type},", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("Stock.OnHand", fault.Problem, StringComparison.Ordinal);
        Assert.Equal($"Give the property the type {wayOut}.", fault.WayOut);
    }

    [Fact]
    public void Faults_NullableColumnWithAPropertyThatTakesNone_IsASentence()
    {
        var fault = Assert.Single(RowFit.Faults(Table(typeof(int)), Schema(new("qty", "integer", 23, true, null))));

        Assert.Contains("may be null", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("int?", fault.WayOut, StringComparison.Ordinal);
        Assert.Empty(RowFit.Faults(Table(typeof(int), nullable: true), Schema(new("qty", "integer", 23, true, null))));
        Assert.Empty(RowFit.Faults(Table(typeof(int), nullable: true), Schema(new("qty", "integer", 23, false, null))));
    }

    [Fact]
    public void Faults_PropertyWithoutAColumn_NamesTheColumnThatIsMeantByIt()
    {
        Assert.Contains(
            "[Column(\"Qty\")]",
            Assert.Single(RowFit.Faults(Table(typeof(int)), Schema(new("Qty", "integer", 23, false, null)))).WayOut,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has no column 'qty'",
            Assert.Single(RowFit.Faults(Table(typeof(int)), Schema(new("amount", "integer", 23, false, null)))).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Faults_SeveralTogether_AreAllSaid()
    {
        var table = new TableModel
        {
            Schema = "public",
            Name = "stock",
            RowType = typeof(Stock),
            Read = _ => new Stock(),
            Columns =
            [
                new("sku", typeof(string), false, "Sku"),
                new("gone", typeof(int), false, "Gone"),
                new("qty", typeof(int), false, "OnHand"),
            ],
        };

        var faults = RowFit.Faults(
            table,
            new TableSchema(
                "public",
                "stock",
                1,
                [new("sku", "text", 25, true, null), new("qty", "numeric", 1700, false, null)],
                "f",
                false
            )
        );

        Assert.Equal(
            ["public.stock", "public.stock.sku", "public.stock.gone", "public.stock.qty"],
            faults.Select(fault => fault.Path)
        );
        Assert.Contains("no primary key", faults[0].Problem, StringComparison.Ordinal);
    }

    private sealed record Stock;

    private static TableModel Table(Type type, bool nullable = false) =>
        new()
        {
            Schema = "public",
            Name = "stock",
            RowType = typeof(Stock),
            Read = _ => new Stock(),
            Columns = [new("qty", type, nullable, "OnHand")],
        };

    private static TableSchema Schema(ColumnSchema column) =>
        new("public", "stock", 1, [new("id", "bigint", 20, false, 0), column], "f", false);
}
