namespace Strangler.Projections;

/// <summary>The rows that belong to a key, each type sorted by the primary key of its table.</summary>
public sealed class Rows
{
    private readonly Dictionary<Type, Array> _rows;

    /// <summary>Rows by their type; each array is of that type.</summary>
    public Rows(IEnumerable<KeyValuePair<Type, Array>> rows) => _rows = new(rows);

    /// <summary>For tests and examples: the given rows, in the given order.</summary>
    public static Rows Of(params object[] rows) =>
        new(
            rows.GroupBy(row => row.GetType())
                .Select(group =>
                {
                    var array = Array.CreateInstance(group.Key, group.Count());
                    var index = 0;
                    foreach (var row in group)
                        array.SetValue(row, index++);
                    return KeyValuePair.Create(group.Key, array);
                })
        );

    /// <summary>
    /// A copy with other rows of one type, to see how an answer would change. Give them in the order of the primary
    /// key, as f receives them.
    /// </summary>
    public Rows With<TRow>(IEnumerable<TRow> rows)
        where TRow : class =>
        new(
            _rows
                .Where(pair => pair.Key != typeof(TRow))
                .Append(KeyValuePair.Create(typeof(TRow), (Array)rows.ToArray()))
        );

    /// <summary>All rows of a table; empty if there are none.</summary>
    public IReadOnlyList<TRow> All<TRow>()
        where TRow : class => _rows.TryGetValue(typeof(TRow), out var rows) ? (TRow[])rows : [];

    /// <summary>The only row of a table; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The table has several rows.</exception>
    public TRow? Single<TRow>()
        where TRow : class =>
        All<TRow>() switch
        {
            [] => null,
            [var row] => row,
            var rows => throw new InvalidOperationException(
                $"{rows.Count} rows of {typeof(TRow).Name} belong to the key where at most one was expected."
            ),
        };
}
