using CsCheck;

namespace Strangler.Projections.Tests.Mapping;

/// <summary>
/// A change of a row of a generated table: null columns delete it; an id below zero empties the table.
/// </summary>
public sealed record TestChange(int Table, int Id, int?[]? Columns);

/// <summary>Generators of declarations and changes.</summary>
internal static class ShapeGens
{
    /// <summary>
    /// One to four tables; paths of up to four hops, joins of a table with itself, several paths to one table.
    /// </summary>
    public static readonly Gen<Shape> Shapes = Gen.Int[1, 4]
        .SelectMany(count => Gen.Int[0, int.MaxValue].Array[count * 8].Select(seeds => ShapeOf(count, seeds)));

    private static readonly Gen<int?> Values = Gen.Frequency(
        (1, Gen.Const((int?)null)),
        (4, Gen.Int[0, 3].Select(value => (int?)value))
    );

    public static Gen<TestChange> Changes(int tables, int ids = 4) =>
        Gen.Select(
            Gen.Int[0, tables - 1],
            Gen.Int[1, ids],
            Gen.Frequency(
                (1, Gen.Const((int?[]?)null)),
                (4, Values.Array[Shape.Columns].Select(values => (int?[]?)values))
            ),
            (table, id, columns) => new TestChange(table, id, columns)
        );

    /// <summary>As <see cref="Changes"/>, with an occasional truncate.</summary>
    public static Gen<TestChange> ChangesAndTruncates(int tables) =>
        Gen.Frequency(
            (30, Changes(tables)),
            (1, Gen.Int[0, tables - 1].Select(table => new TestChange(table, -1, null)))
        );

    private static Shape ShapeOf(int count, int[] seeds)
    {
        var next = 0;
        int Next(int below) => seeds[next++] % below;

        var tables = new List<IReadOnlyList<HopShape>>();
        for (var table = 0; table < count; table++)
        {
            var hops = new List<HopShape>();
            if (table == 0 || Next(8) == 0)
                hops.Add(new HopShape(Next(Shape.Columns), null, 0));
            if (table > 0)
                hops.Add(
                    new HopShape(
                        Next(Shape.Columns),
                        Math.Max(table - 1 - (Next(4) == 0 ? 1 : 0), 0),
                        Next(Shape.Columns)
                    )
                );
            if (Next(5) == 0)
                hops.Add(new HopShape(Next(Shape.Columns), table, Next(Shape.Columns)));
            tables.Add(hops);
        }
        return new Shape(tables);
    }
}
