using System.Data;
using System.Text;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Storing;

/// <summary>Compares the tables' catalogue, as the log has it, with what the projections declare.</summary>
internal sealed class TableFit
{
    private readonly Dictionary<int, TableSchema?> _known = [];
    private readonly Dictionary<int, string> _doubts = [];
    private HashSet<int> _news = [];

    /// <summary>Loads the tables' catalogue that the log has sent so far.</summary>
    public async Task LoadAsync(StoreSession session, CancellationToken cancellationToken)
    {
        _known.Clear();
        _doubts.Clear();
        await foreach (
            var row in session.QueryAsync(
                "select id, definition, doubt from projections.source_table",
                [],
                cancellationToken
            )
        )
        {
            var id = row.GetInt32("id");
            _known[id] = row.TextOrNull("definition") is { } definition
                ? TableSchema.FromJson(Encoding.UTF8.GetBytes(definition))
                : null;
            if (row.TextOrNull("doubt") is { } doubt)
                _doubts[id] = doubt;
        }
    }

    /// <summary>
    /// Forgets the catalogue of the source's tables: the snapshot with which an epoch begins describes those that
    /// exist.
    /// </summary>
    public Task<int> ForgetAsync(StoreSession session, string source, CancellationToken cancellationToken)
    {
        _known.Clear();
        _doubts.Clear();
        return session.ExecuteAsync(
            "update projections.source_table set definition = null, in_doubt = false, doubt = null where source = $1",
            [source],
            cancellationToken
        );
    }

    /// <summary>The tables that were described or read again since the last call.</summary>
    public IReadOnlySet<int> TakeNews()
    {
        var news = _news;
        if (news.Count > 0)
            _news = [];
        return news;
    }

    /// <summary>Whether the log has described the table.</summary>
    public bool IsKnown(MirrorTable table) => _known.GetValueOrDefault(table.Id) is not null;

    /// <summary>
    /// The problem that the log hasn't described a table that the projection reads; null if it has described all of
    /// them. An unknown table would be served as empty.
    /// </summary>
    public string? Unknown(BoundProjection projection) =>
        projection.Tables.FirstOrDefault(use => !IsKnown(use.Mirror)) is { } unknown
            ? _doubts.GetValueOrDefault(unknown.Mirror.Id)
                ?? (
                    $"The change log knows nothing of {unknown.Mirror}. Add it to 'table.include.list', or correct "
                    + $"its name in {projection.Model.Id.Name}.Declare."
                )
            : null;

    /// <summary>
    /// Why the table's rows can't be read as <paramref name="use"/> declares them; null if they can, or if the table is
    /// unknown.
    /// </summary>
    public string? Problem(TableUse use) =>
        _known.GetValueOrDefault(use.Mirror.Id) is not { } schema ? null : Problem(use, schema);

    private static string? Problem(TableUse use, TableSchema schema) =>
        RowFit.Faults(use.Model, schema) is { Count: > 0 } faults ? string.Join(" ", faults) : null;

    public async Task DescribeAsync(
        StoreSession session,
        MirrorTable table,
        TableSchema schema,
        CancellationToken cancellationToken
    )
    {
        _known[table.Id] = schema;
        _news.Add(table.Id);
        await session.ExecuteAsync(
            "update projections.source_table set definition = $2, in_doubt = in_doubt or $3 where id = $1",
            [table.Id, Encoding.UTF8.GetString(schema.ToJson()), schema.InDoubt],
            cancellationToken
        );
        foreach (var use in table.Uses)
        {
            if (use.Projection.Live && Problem(use, schema) is { } problem)
                await ProjectionStop.StopAsync(session, use.Projection, problem, cancellationToken);
        }
    }

    public Task<int> EndDoubtAsync(StoreSession session, MirrorTable table, CancellationToken cancellationToken)
    {
        _news.Add(table.Id);
        _doubts.Remove(table.Id);
        return session.ExecuteAsync(
            "update projections.source_table set in_doubt = false, doubt = null where id = $1 and in_doubt",
            [table.Id],
            cancellationToken
        );
    }

    /// <summary>
    /// Puts the table in doubt, because the mirror doesn't hold what the table does: nothing from it is served until it
    /// has been read again, even by a projection that is built before then.
    /// </summary>
    /// <param name="why">What happened, for people.</param>
    public Task<int> DoubtAsync(
        StoreSession session,
        MirrorTable table,
        string why,
        CancellationToken cancellationToken
    )
    {
        _doubts[table.Id] = why.Replace("\0", "", StringComparison.Ordinal);
        return session.ExecuteAsync(
            "update projections.source_table set in_doubt = true, doubt = $2 where id = $1",
            [table.Id, _doubts[table.Id]],
            cancellationToken
        );
    }
}
