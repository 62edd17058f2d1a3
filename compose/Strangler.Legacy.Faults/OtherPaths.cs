using Shop.Projections;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>Passes a declaration on, with different paths to the rows of one table.</summary>
internal sealed class OtherPaths<TOther>(ISources<Sku> inner, Action<ITable<Sku, TOther>> declare) : ISources<Sku>
    where TOther : class
{
    public ITable<Sku, TRow> Table<TRow>(string name)
        where TRow : class
    {
        var table = inner.Table<TRow>(name);
        if (table is not ITable<Sku, TOther> other)
            return table;
        declare(other);
        return new Unheard<TRow>();
    }

    /// <summary>Discards what the real declaration says about the table.</summary>
    private sealed class Unheard<TRow> : ITable<Sku, TRow>
        where TRow : class
    {
        public ITable<Sku, TRow> Key(Func<TRow, Sku?> key) => this;

        public ITable<Sku, TRow> Through<TFrom, TValue>(Func<TFrom, TValue> from, Func<TRow, TValue> to)
            where TFrom : class => this;

        public ITable<Sku, TRow> Everywhere() => this;
    }
}
