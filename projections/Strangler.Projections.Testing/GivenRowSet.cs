using System.Globalization;
using System.Text.Json;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Testing;

/// <summary>Given rows as the mirror has them.</summary>
internal sealed class GivenRowSet
{
    private static readonly JsonSerializerOptions KeyOptions = new() { IncludeFields = true }; // for tuples
    private readonly ProjectionModel _model;

    public GivenRowSet(
        ProjectionModel model,
        IReadOnlyDictionary<Type, Func<object, object>> primaryKeys,
        IReadOnlyList<object> rows
    )
    {
        _model = model;
        var writers = model.Tables.ToDictionary(table => table.RowType, table => new RowWriter(table.RowType));
        Rows = TestCulture.Run(CultureInfo.InvariantCulture, () => rows.Select(Of).ToList());
        _ = Mirror(); // reads them

        GivenRow Of(object row)
        {
            var table =
                model.Tables.FirstOrDefault(one => one.RowType == row.GetType())
                ?? throw new ProjectionTestException(
                    $"{model.Id.Name} declares no table whose rows are {row.GetType().Name}; it declares "
                        + $"{string.Join(", ", model.Tables.Select(one => one.RowType.Name))}."
                );
            var key = primaryKeys.TryGetValue(row.GetType(), out var of) ? KeyJson(of(row)) : null;
            return new GivenRow(table, key, writers[table.RowType].Json(row));
        }
    }

    public IReadOnlyList<GivenRow> Rows { get; }

    /// <summary>A mirror without rows.</summary>
    public GivenMirror Empty() => new(_model);

    /// <summary>A mirror that holds the rows.</summary>
    /// <param name="order">The rows in another order; null: as they were given.</param>
    /// <exception cref="ProjectionTestException">
    /// A row can't be read, or two rows have the same primary key.
    /// </exception>
    public GivenMirror Mirror(IEnumerable<GivenRow>? order = null)
    {
        var mirror = Empty();
        foreach (var (row, key) in Keyed(order ?? Rows))
        {
            if (mirror.Put(row.Table, key, row.Json).Before is not null)
                throw new ProjectionTestException($"Two rows of {row.Table.RowType.Name} have the primary key {key}.");
        }
        return mirror;
    }

    /// <summary>The rows with their primary keys; without one, the row's place among those of its table.</summary>
    public static IEnumerable<(GivenRow Row, string Key)> Keyed(IEnumerable<GivenRow> rows)
    {
        var counts = new Dictionary<TableModel, int>();
        foreach (var row in rows)
        {
            var place = counts[row.Table] = counts.GetValueOrDefault(row.Table) + 1;
            yield return (row, row.PrimaryKey ?? string.Create(CultureInfo.InvariantCulture, $"{{\"row\":{place}}}"));
        }
    }

    /// <summary>A key record: an object, whose members are the key's columns.</summary>
    private static string KeyJson(object key)
    {
        var json = JsonSerializer.Serialize(key, KeyOptions);
        return json.StartsWith('{') ? json : $"{{\"key\":{json}}}";
    }
}
