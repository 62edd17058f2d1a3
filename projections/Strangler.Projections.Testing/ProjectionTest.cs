using System.Text.Json;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Testing;

/// <summary>
/// A projection under test. The code that runs it in production runs it here, on rows in memory: rows are written and
/// read as the mirror has them, the declared paths find those of a key, and <c>Project</c> and <c>Respond</c> are
/// called with them.
/// </summary>
public sealed class ProjectionTest<TProjection, TKey, TDocument>
    where TProjection : IProjection<TKey, TDocument>
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    private readonly ProjectionModel _model = ProjectionModelBuilder.Build(typeof(TProjection), "test");
    private readonly Dictionary<Type, Func<object, object>> _primaryKeys = [];
    private readonly JsonSerializerOptions _json = TProjection.Json;

    /// <summary>Reads the declaration.</summary>
    /// <exception cref="FaultException">All faults of the declaration, which stop the projection.</exception>
    public ProjectionTest() { }

    /// <summary>
    /// Names the primary key of a table, by which <c>Project</c> receives its rows sorted. Rows of a table without it
    /// are received in the order in which they are given, and <see cref="GivenRows{TKey,TDocument}.CheckOrder"/> gives
    /// them in others.
    /// </summary>
    /// <param name="key">The key's columns, in order: <c>stock => (stock.BookId, stock.Shop)</c>.</param>
    public ProjectionTest<TProjection, TKey, TDocument> PrimaryKey<TRow>(Func<TRow, object> key)
        where TRow : class
    {
        _primaryKeys[typeof(TRow)] = row => key((TRow)row);
        return this;
    }

    /// <summary>
    /// The rows of the source's tables: those of the key that is asked for, and others that it must ignore.
    /// </summary>
    /// <exception cref="ProjectionTestException">A row's type isn't declared, or it can't be read.</exception>
    public GivenRows<TKey, TDocument> Given(params object[] rows) =>
        new(new GivenRowSet(_model, _primaryKeys, rows), _model, _json);
}
