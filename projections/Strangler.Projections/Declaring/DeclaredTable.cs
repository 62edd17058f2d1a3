namespace Strangler.Projections.Declaring;

/// <summary>The paths that <c>Declare</c> gives a table.</summary>
internal sealed class DeclaredTable<TKey, TRow>(DeclaredSources<TKey> sources, TableModel table, string path)
    : ITable<TKey, TRow>
    where TKey : struct, IParsable<TKey>
    where TRow : class
{
    public ITable<TKey, TRow> Key(Func<TRow, TKey?> key)
    {
        var link = sources.Link(table, key, row => key((TRow)row) is { } value ? Text(value) : null);
        return Hop(new Hop.FromKey { To = link });
    }

    public ITable<TKey, TRow> Through<TFrom, TValue>(Func<TFrom, TValue> from, Func<TRow, TValue> to)
        where TFrom : class
    {
        var origin = sources.Tables.Find(candidate => candidate.RowType == typeof(TFrom));
        var before = sources.Faults.Count;
        if (origin is null || sources.Tables.IndexOf(origin) > sources.Tables.IndexOf(table))
        {
            Fault(
                $"It is reached through {typeof(TFrom).Name}, which no table declared before it has as its row type.",
                $"Declare the table of {typeof(TFrom).Name} first."
            );
        }
        else if (origin.Everywhere && origin != table)
        {
            Fault(
                $"It is reached through {typeof(TFrom).Name}, whose rows belong to every key, so its own rows do too.",
                "Declare it with Everywhere as well."
            );
        }
        if (LinkText.Of<TValue>() is not { } text)
        {
            Fault(
                $"It is joined with {typeof(TFrom).Name} by values of type {TypeName.Of(typeof(TValue))}, which have "
                    + "no canonical text.",
                "Join by a string, bool, number, decimal, Guid, date, time or enum, "
                    + "or by a tuple of two to four of these."
            );
            return this;
        }
        if (sources.Faults.Count > before)
            return this;

        var far = sources.Link(origin!, from, row => text(from((TFrom)row)));
        return Hop(new Hop.FromRow(far) { To = sources.Link(table, to, row => text(to((TRow)row))) });
    }

    public ITable<TKey, TRow> Everywhere()
    {
        table.Everywhere = true;
        return this;
    }

    private DeclaredTable<TKey, TRow> Hop(Hop hop)
    {
        if (!table.Hops.Contains(hop))
            table.Hops.Add(hop);
        return this;
    }

    private void Fault(string problem, string wayOut) => sources.Faults.Add(new(path, problem, wayOut));

    private static string? Text(TKey key)
    {
        var text = KeyText<TKey>.Of(key);
        if (StoreText.HoldsKey(text))
            return text;
        return StoreText.Holds(text)
            ? null
            : throw new InvalidOperationException("A key's text has a character that PostgreSQL's text cannot hold.");
    }
}
