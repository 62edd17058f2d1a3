using Strangler.Projections.Declaring;

namespace Strangler.Projections.Binding;

/// <summary>
/// A projection bound to the mirror of this store: its build, its tables, and whether it still takes part.
/// </summary>
internal sealed class BoundProjection(ProjectionModel model)
{
    private readonly List<TableUse> _tables = [];

    public ProjectionModel Model => model;

    /// <summary>The build to which it writes documents.</summary>
    public int Build { get; set; }

    /// <summary>Why it has stopped; null while it takes part.</summary>
    public string? Problem { get; set; }

    public bool Live => Problem is null;

    /// <summary>Whether the queue may hold keys of it; cleared when the queue has been found empty.</summary>
    public bool MayBeDirty { get; set; }

    /// <summary>
    /// Keys in quarantine, and whether f overran for each: such keys aren't tried again in this version.
    /// </summary>
    public Dictionary<string, bool> Quarantined { get; } = [];

    /// <summary>Rows that it can't read.</summary>
    public UnreadableRows Unread { get; } = new();

    /// <summary>Its tables in the order of their declaration.</summary>
    public IReadOnlyList<TableUse> Tables => _tables;

    /// <summary>
    /// Its hops in the order in which they are taken, grouped so that hops that don't depend on each other are
    /// together. Filled when it is bound.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<(TableUse Use, Hop? Hop)>> Waves { get; private set; } = [];

    public TableUse Use(TableModel table) =>
        _tables.Find(use => ReferenceEquals(use.Model, table))
        ?? throw new InvalidOperationException($"{table.Schema}.{table.Name} is not bound.");

    /// <summary>Binds the projection to the mirror's tables.</summary>
    /// <param name="mirror">The mirrored table of each declared one.</param>
    /// <param name="slot">The link column of a table's link.</param>
    public void Bind(Func<TableModel, MirrorTable> mirror, Func<MirrorTable, int, int> slot)
    {
        foreach (var table in model.Tables)
        {
            var mirrored = mirror(table);
            var use = new TableUse(
                this,
                _tables.Count,
                table,
                mirrored,
                [.. table.Links.Select(link => slot(mirrored, link.Ordinal))]
            );
            _tables.Add(use);
            mirrored.Uses.Add(use);
        }
        Waves = HopWaves.Of(this);
    }
}
