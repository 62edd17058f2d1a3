using System.Linq.Expressions;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Xunit;

namespace Strangler.Projections.Tests.Declaring;

/// <summary>Which columns a link's lambda reads; unknown if that isn't certain.</summary>
public sealed class LinkColumnsTests
{
    public static TheoryData<string, string?> Lambdas =>
        new()
        {
            { "one", "id" },
            { "two", "id,name" },
            { "conditional", "id,name" },
            { "computed", "id,name" },
            { "constant", "" },
            { "closure", "id" },
            { "method", "name" },
            { "whole", null },
            { "equals", null },
            { "expression", null },
        };

    [Theory]
    [MemberData(nameof(Lambdas))]
    public void Of_Lambda_AreTheColumnsThatItReads(string name, string? columns)
    {
        var minimum = 3 + name.Length;
        Expression<Func<Row, int?>> expression = row => row.Id;
        Func<Row, object?> lambda = name switch
        {
            "one" => row => row.Id,
            "two" => row => (row.Id, row.Name),
            "conditional" => row => row.Id > 3 ? row.Name : null,
            "computed" => row => row.Both,
            "constant" => _ => 1,
            "closure" => row => row.Id > minimum ? row.Id : null,
            "method" => IdOf,
            "whole" => row => row,
            "equals" => row => row.Equals(null),
            _ => null!,
        };

        var found = LinkColumns.Of(name == "expression" ? expression.Compile() : lambda, Shape(typeof(Row)));

        Assert.Equal(columns, found is null ? null : string.Join(',', found.Order()));
    }

    [Fact]
    public void Of_RowWhoseMakingMixesColumns_IsNotKnown()
    {
        Assert.Null(LinkColumns.Of((Deriving row) => row.Derived, Shape(typeof(Deriving))));
        Assert.Null(LinkColumns.Of((Mixed row) => row.Id, Shape(typeof(Mixed))));
        Assert.Equal(["id"], LinkColumns.Of((Settable row) => row.Id, Shape(typeof(Settable)))!);
        Assert.Null(LinkColumns.Of((Watching row) => row.Id, Shape(typeof(Watching))));
    }

    private static string IdOf(Row row) => row.Name;

    private static RowShape Shape(Type type)
    {
        var faults = new List<Fault>();
        return RowShape.Of(type, "p", faults) ?? throw new InvalidOperationException(string.Join(' ', faults));
    }

    public sealed record Row(int Id, string Name)
    {
        public string Both => $"{Name}{Id}";
    }

    public sealed record Deriving(int Id, string Name)
    {
        public string Derived { get; } = Name + Id;
    }

    public sealed record Mixed(int Id, string Name)
    {
        public int Id { get; init; } = Id + Name.Length;
    }

    public sealed record Settable
    {
        public int Id { get; init; }

        public string Name { get; init; } = "";
    }

    public sealed record Watching
    {
        private readonly string _name = "";

        public int Id { get; private set; }

        public string Name
        {
            get => _name;
            init
            {
                _name = value;
                Id = value.Length;
            }
        }
    }
}
