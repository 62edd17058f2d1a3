using System.Globalization;
using System.Text;
using System.Text.Json;
using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Tests.Mapping;

/// <summary>
/// One hop of a generated path: the row's own column, and the column from which the hop comes; without a table, from
/// the key.
/// </summary>
public sealed record HopShape(int To, int? FromTable, int FromColumn);

/// <summary>
/// A generated declaration: tables with three columns each, and the hops that reach them. Also the reference: it
/// gathers by the definition of a path, row by row.
/// </summary>
public sealed record Shape(IReadOnlyList<IReadOnlyList<HopShape>> Tables)
{
    public const int Columns = 3;
    private static readonly Type[] RowTypes = [typeof(Row0), typeof(Row1), typeof(Row2), typeof(Row3)];

    public override string ToString() =>
        string.Join(
            " | ",
            Tables.Select(
                (hops, table) =>
                    $"t{table}: "
                    + string.Join(
                        ", ",
                        hops.Select(hop =>
                            hop.FromTable is { } from ? $"t{from}.c{hop.FromColumn}=c{hop.To}" : $"key=c{hop.To}"
                        )
                    )
            )
        );

    /// <summary>The model of a projection's class with these paths.</summary>
    internal ProjectionModel Model(string version = "v1", Func<string, string>? document = null, string name = "Shape")
    {
        var tables = new List<TableModel>();
        for (var index = 0; index < Tables.Count; index++)
        {
            var number = index;
            var table = new TableModel
            {
                Schema = "public",
                Name = $"t{index}",
                RowType = RowTypes[index],
                Columns =
                [
                    new("id", typeof(int), false, "Id"),
                    .. Enumerable
                        .Range(0, Columns)
                        .Select(column => new DeclaredColumn($"c{column}", typeof(int), true, $"C{column}")),
                ],
                Read = json => Read(number, json),
            };
            tables.Add(table);
            foreach (var hop in Tables[index])
            {
                var to = Link(table, hop.To);
                table.Hops.Add(
                    hop.FromTable is { } from
                        ? new Hop.FromRow(Link(tables[from], hop.FromColumn)) { To = to }
                        : new Hop.FromKey { To = to }
                );
            }
        }
        return new ProjectionModel
        {
            Id = new ProjectionId(name, version),
            Tables = tables,
            Canonical = key => key,
            Compute = (key, rows, _) =>
                new ComputedDocument(
                    Encoding.UTF8.GetBytes(
                        (document ?? (text => text))(
                            Text(key, [.. Tables.Select((_, table) => (IReadOnlyList<TestRow>)Rows(rows, table))])
                        )
                    ),
                    null
                ),
            Responder = null!,
        };
    }

    /// <summary>The documents of all existing keys, by the definition.</summary>
    internal IReadOnlyDictionary<string, string> Documents(TestTables state)
    {
        var documents = new Dictionary<string, string>();
        var keys = Tables
            .SelectMany(
                (hops, table) =>
                    hops.Where(hop => hop.FromTable is null)
                        .SelectMany(hop => state.Rows(table).Select(row => row.Columns[hop.To]))
            )
            .OfType<int>()
            .Distinct();
        foreach (var key in keys)
        {
            var gathered = new List<List<TestRow>>();
            for (var table = 0; table < Tables.Count; table++)
            {
                gathered.Add([]);
                foreach (var hop in Tables[table])
                {
                    var values = hop.FromTable is { } from
                        ? gathered[from].Select(row => row.Columns[hop.FromColumn]).OfType<int>().ToList()
                        : [key];
                    gathered[table] =
                    [
                        .. gathered[table]
                            .Union(
                                state
                                    .Rows(table)
                                    .Where(row => row.Columns[hop.To] is { } value && values.Contains(value))
                            ),
                    ];
                }
            }
            var text = key.ToString(CultureInfo.InvariantCulture);
            documents.Add(text, Text(text, [.. gathered.Select(rows => rows.OrderBy(row => row.Id).ToList())]));
        }
        return documents;
    }

    private static LinkModel Link(TableModel table, int column)
    {
        var name = column;
        var found = table.Links.Find(link =>
            link.Ordinal < LinkColumns(table).Count && LinkColumns(table)[link.Ordinal] == column
        );
        if (found is not null)
            return found;
        var link = new LinkModel(
            table,
            table.Links.Count,
            row => ((TestRow)row).Columns[name]?.ToString(CultureInfo.InvariantCulture)
        );
        LinkColumns(table).Add(column);
        table.Links.Add(link);
        return link;
    }

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<
        TableModel,
        List<int>
    > ColumnsOfLinks = [];

    private static List<int> LinkColumns(TableModel table) => ColumnsOfLinks.GetOrCreateValue(table);

    private static string Text(string key, IReadOnlyList<IReadOnlyList<TestRow>> tables) =>
        key
        + ":"
        + string.Join(
            "|",
            tables.Select(rows => string.Join(";", rows.Select(row => $"{row.Id}({string.Join(",", row.Columns)})")))
        );

    private static IReadOnlyList<TestRow> Rows(Rows rows, int table) =>
        table switch
        {
            0 => rows.All<Row0>(),
            1 => rows.All<Row1>(),
            2 => rows.All<Row2>(),
            _ => rows.All<Row3>(),
        };

    private static TestRow Read(int table, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var id = document.RootElement.GetProperty("id").GetInt32();
        int?[] columns =
        [
            .. Enumerable
                .Range(0, Columns)
                .Select(column =>
                    document.RootElement.GetProperty($"c{column}") is { ValueKind: JsonValueKind.Number } value
                        ? value.GetInt32()
                        : (int?)null
                ),
        ];
        return table switch
        {
            0 => new Row0(id, columns),
            1 => new Row1(id, columns),
            2 => new Row2(id, columns),
            _ => new Row3(id, columns),
        };
    }

    /// <summary>The catalogue of one of the tables.</summary>
    public static TableSchema Schema(int table, bool inDoubt = false) =>
        new(
            "public",
            $"t{table}",
            (uint)(100 + table),
            [
                new("id", "integer", 23, false, 0),
                .. Enumerable
                    .Range(0, Columns)
                    .Select(column => new ColumnSchema($"c{column}", "integer", 23, true, null)),
            ],
            "f",
            inDoubt
        );
}

/// <summary>A row of a generated table; equal by identity of its table and key within one state.</summary>
public record TestRow(int Id, int?[] Columns)
{
    public string Json =>
        "{"
        + $"\"id\":{Id}"
        + string.Concat(
            Columns.Select(
                (value, column) => $",\"c{column}\":{value?.ToString(CultureInfo.InvariantCulture) ?? "null"}"
            )
        )
        + "}";

    /// <summary>As <see cref="Json"/>, for a table that has lost a column.</summary>
    public string JsonWithout(int lost) =>
        "{"
        + $"\"id\":{Id}"
        + string.Concat(
            Columns.Select(
                (value, column) =>
                    column == lost ? "" : $",\"c{column}\":{value?.ToString(CultureInfo.InvariantCulture) ?? "null"}"
            )
        )
        + "}";

    public string Key => $"{{\"id\":{Id}}}";
}

public sealed record Row0(int Id, int?[] Columns) : TestRow(Id, Columns);

public sealed record Row1(int Id, int?[] Columns) : TestRow(Id, Columns);

public sealed record Row2(int Id, int?[] Columns) : TestRow(Id, Columns);

public sealed record Row3(int Id, int?[] Columns) : TestRow(Id, Columns);

/// <summary>The rows of the generated tables.</summary>
public sealed class TestTables
{
    private readonly SortedDictionary<int, TestRow>[] _tables =
    [
        [],
        [],
        [],
        [],
    ];

    public IReadOnlyCollection<TestRow> Rows(int table) => _tables[table].Values;

    public TestRow? Find(int table, int id) => _tables[table].GetValueOrDefault(id);

    public void Put(int table, TestRow row) => _tables[table][row.Id] = row;

    public bool Remove(int table, int id) => _tables[table].Remove(id);

    public void Empty(int table) => _tables[table].Clear();

    public TestTables Copy()
    {
        var copy = new TestTables();
        for (var table = 0; table < _tables.Length; table++)
        {
            foreach (var row in _tables[table].Values)
                copy.Put(table, row);
        }
        return copy;
    }
}
