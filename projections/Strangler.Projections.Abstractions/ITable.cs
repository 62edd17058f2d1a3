namespace Strangler.Projections;

/// <summary>
/// How the rows of a table are reached from a key: by one or more paths, whose hops compare values for equality. f
/// receives a row once, however many paths reach it.
/// </summary>
public interface ITable<TKey, TRow>
    where TKey : struct, IParsable<TKey>
    where TRow : class
{
    /// <summary>The row names its key itself. A row with a null key belongs to no key.</summary>
    ITable<TKey, TRow> Key(Func<TRow, TKey?> key);

    /// <summary>
    /// The row is reached from rows of <typeparamref name="TFrom"/>, declared earlier, with which it shares a value. A
    /// null value joins nothing.
    /// </summary>
    ITable<TKey, TRow> Through<TFrom, TValue>(Func<TFrom, TValue> from, Func<TRow, TValue> to)
        where TFrom : class;

    /// <summary>
    /// Every row belongs to every key: for small reference tables only, since each change makes all keys dirty.
    /// </summary>
    ITable<TKey, TRow> Everywhere();
}
