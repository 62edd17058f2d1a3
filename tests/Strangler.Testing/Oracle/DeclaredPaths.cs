using Strangler.Projections;

namespace Strangler.Testing.Oracle;

/// <summary>
/// Follows a declaration literally, as simply as possible: it is the model with which declared paths are compared.
/// </summary>
public sealed class DeclaredPaths<TKey> : ISources<TKey>
    where TKey : struct, IParsable<TKey>
{
    private readonly List<Declared> _tables = [];

    public IEnumerable<(string Name, Type RowType)> Tables => _tables.Select(table => (table.Name, table.RowType));

    public ITable<TKey, TRow> Table<TRow>(string name)
        where TRow : class
    {
        var table = new Declared<TRow>(name);
        _tables.Add(table);
        return table;
    }

    /// <summary>The keys that some row names itself.</summary>
    public HashSet<TKey> Keys(IReadOnlyDictionary<Type, object[]> rows) =>
        [
            .. from table in _tables
            from row in rows[table.RowType]
            from path in table.Keys
            let key = path(row)
            where key is not null
            select key.Value,
        ];

    /// <summary>
    /// The rows of a key: those that name it, those that share a value with rows already found, in the order of the
    /// declaration.
    /// </summary>
    public Dictionary<Type, Array> Gather(TKey key, IReadOnlyDictionary<Type, object[]> rows)
    {
        var found = new Dictionary<Type, Array>();
        foreach (var table in _tables)
        {
            var values = table.Joins.ConvertAll(join =>
                (
                    (Array?)found.GetValueOrDefault(join.From)
                    ?? throw new InvalidOperationException(
                        $"{join.From.Name} is not declared before {table.RowType.Name}."
                    )
                )
                    .Cast<object>()
                    .Select(join.FromValue)
                    .Where(value => value is not null)
                    .ToHashSet()
            );
            var mine = rows[table.RowType]
                .Where(row =>
                    table.IsEverywhere
                    || table.Keys.Exists(path => path(row) is { } named && named.Equals(key))
                    || table
                        .Joins.Where((join, index) => join.ToValue(row) is { } value && values[index].Contains(value))
                        .Any()
                )
                .ToArray();
            var typed = Array.CreateInstance(table.RowType, mine.Length);
            mine.CopyTo(typed, 0);
            found[table.RowType] = typed;
        }
        return found;
    }

    private abstract class Declared(string name, Type rowType)
    {
        public string Name => name;

        public Type RowType => rowType;

        public bool IsEverywhere { get; protected set; }

        public List<Func<object, TKey?>> Keys { get; } = [];

        public List<(Type From, Func<object, object?> FromValue, Func<object, object?> ToValue)> Joins { get; } = [];
    }

    private sealed class Declared<TRow>(string name) : Declared(name, typeof(TRow)), ITable<TKey, TRow>
        where TRow : class
    {
        public ITable<TKey, TRow> Key(Func<TRow, TKey?> key)
        {
            Keys.Add(row => key((TRow)row));
            return this;
        }

        public ITable<TKey, TRow> Through<TFrom, TValue>(Func<TFrom, TValue> from, Func<TRow, TValue> to)
            where TFrom : class
        {
            Joins.Add((typeof(TFrom), row => from((TFrom)row), row => to((TRow)row)));
            return this;
        }

        public ITable<TKey, TRow> Everywhere()
        {
            IsEverywhere = true;
            return this;
        }
    }
}
