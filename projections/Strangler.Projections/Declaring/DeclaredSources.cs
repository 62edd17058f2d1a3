using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Collects what <c>Declare</c> declares. Faults are collected instead of thrown, so that all are reported at once.
/// </summary>
/// <param name="projection">The projection's name, used as the path of its faults.</param>
internal sealed class DeclaredSources<TKey>(string projection) : ISources<TKey>
    where TKey : struct, IParsable<TKey>
{
    private readonly Dictionary<(TableModel, Delegate), LinkModel> _links = [];
    private readonly Dictionary<TableModel, object> _declarations = [];
    private readonly Dictionary<TableModel, RowShape> _shapes = [];

    /// <summary>The tables in the order of their declaration.</summary>
    public List<TableModel> Tables { get; } = [];

    public List<Fault> Faults { get; } = [];

    public ITable<TKey, TRow> Table<TRow>(string name)
        where TRow : class
    {
        var path = $"{projection}: {name}";
        if (TableNameText.Parts(name) is not { } parts)
        {
            Faults.Add(
                new(
                    path,
                    $"'{name}' is not the name of a table.",
                    "Name schema and table, as in 'public.stock'; "
                        + "a name with a dot in quotes, as in '\"my.schema\".stock'."
                )
            );
            parts = ("?", name);
        }
        if (Tables.Find(table => table.Schema == parts.Schema && table.Name == parts.Table) is { } declared)
        {
            if (declared.RowType == typeof(TRow))
                return (ITable<TKey, TRow>)_declarations[declared];
            Faults.Add(
                new(
                    path,
                    $"It is declared with the row type {declared.RowType.Name}, and again with {typeof(TRow).Name}.",
                    "Declare it once, with one row type that has all columns."
                )
            );
        }
        else if (Tables.Find(table => table.RowType == typeof(TRow)) is { } other)
        {
            Faults.Add(
                new(
                    path,
                    $"Its row type {typeof(TRow).Name} is that of {other.Schema}.{other.Name} already, and rows are "
                        + "distinguished by their type.",
                    "Give each table a row type of its own."
                )
            );
        }

        var shape = RowShape.Of(typeof(TRow), path, Faults);
        var model = new TableModel
        {
            Schema = parts.Schema,
            Name = parts.Table,
            RowType = typeof(TRow),
            Columns = shape is null ? [] : [.. shape.Properties.Select(property => property.Column)],
            ReadPart = shape is null ? null : new PartialRowReader(shape).Read,
            Read = shape is null
                ? _ => throw new RowReadException($"The row type {typeof(TRow).Name} has faults.")
                : RowReader.Compile(shape, name),
        };
        var declaration = new DeclaredTable<TKey, TRow>(this, model, path);
        Tables.Add(model);
        if (shape is not null)
            _shapes[model] = shape;
        _declarations[model] = declaration;
        return declaration;
    }

    /// <summary>The link of a lambda on a table: a new one, unless the same delegate already has one.</summary>
    public LinkModel Link(TableModel table, Delegate lambda, Func<object, string?> value)
    {
        if (_links.TryGetValue((table, lambda), out var link))
            return link;
        link = new LinkModel(table, table.Links.Count, value)
        {
            Columns = _shapes.TryGetValue(table, out var shape) ? LinkColumns.Of(lambda, shape) : null,
        };
        table.Links.Add(link);
        _links.Add((table, lambda), link);
        return link;
    }

    /// <summary>Adds the faults that only the whole declaration shows.</summary>
    public void Finish()
    {
        foreach (
            var table in Tables.Where(table =>
                !table.Everywhere
                && !table.Hops.Exists(hop =>
                    hop is Hop.FromKey || (hop is Hop.FromRow from && from.From.Table != table)
                )
            )
        )
        {
            Faults.Add(
                new(
                    $"{projection}: {table.Schema}.{table.Name}",
                    "No path leads from a key to its rows.",
                    "Add Key, Through a table that is declared before it, or Everywhere."
                )
            );
        }
        if (!Tables.Exists(table => table.Hops.Exists(hop => hop is Hop.FromKey)))
        {
            Faults.Add(
                new(
                    projection,
                    "None of its tables names the key, so it would have no documents.",
                    "Declare at least one table with Key(row => …)."
                )
            );
        }
    }
}
