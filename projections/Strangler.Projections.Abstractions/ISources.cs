namespace Strangler.Projections;

/// <summary>The tables that a projection reads.</summary>
public interface ISources<TKey>
    where TKey : struct, IParsable<TKey>
{
    /// <summary>
    /// Declares a table. Its row type names the columns that are mirrored: properties in PascalCase for columns in
    /// snake_case, or <c>[Column("name")]</c> (System.ComponentModel.DataAnnotations.Schema). A property whose column
    /// is absent, of another type, or nullable when the property isn't, stops the projection with a fault.
    /// </summary>
    /// <param name="name">Schema and table: <c>public.stock</c>.</param>
    ITable<TKey, TRow> Table<TRow>(string name)
        where TRow : class;
}
