using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using Strangler.Projections;

namespace Strangler.Testing.Oracle;

/// <summary>
/// A projection over a database's current rows: gathers along the declared paths, computes and answers.
/// </summary>
public sealed class Ported<TProjection, TKey, TDocument>
    where TProjection : IProjection<TKey, TDocument>
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    private readonly DeclaredPaths<TKey> _paths = new();
    private readonly Dictionary<Type, object[]> _rows = [];

    private readonly ConcurrentDictionary<TKey, Rows> _gathered = [];
    private readonly Lazy<HashSet<TKey>> _keys;

    private Ported()
    {
        TProjection.Declare(_paths);
        _keys = new(() => _paths.Keys(_rows));
    }

    public IEnumerable<string> Tables => _paths.Tables.Select(table => table.Name);

    public HashSet<TKey> Keys => _keys.Value;

    public static async Task<Ported<TProjection, TKey, TDocument>> ReadAsync(
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var ported = new Ported<TProjection, TKey, TDocument>();
        foreach (var (name, rowType) in ported._paths.Tables)
            ported._rows[rowType] = await TableRows.ReadAsync(database, name, rowType, cancellationToken);
        return ported;
    }

    /// <summary>The same with different rows of a type, to see that they matter.</summary>
    public Ported<TProjection, TKey, TDocument> With<TRow>(Func<TRow, TRow?> change)
        where TRow : class
    {
        var other = new Ported<TProjection, TKey, TDocument>();
        foreach (var (type, rows) in _rows)
            other._rows[type] = rows;
        other._rows[typeof(TRow)] = [.. _rows[typeof(TRow)].Cast<TRow>().Select(change).OfType<TRow>()];
        return other;
    }

    /// <summary>The rows of a key, in the caller's own arrays.</summary>
    public Dictionary<Type, Array> Gather(TKey key) => _paths.Gather(key, _rows);

    /// <summary>f for a key that some row names; an empty document for any other.</summary>
    public (byte[]? Bytes, DateTimeOffset? RecomputeAt) Compute(TKey key, DateTimeOffset now) =>
        Keys.Contains(key) ? Compute(key, _gathered.GetOrAdd(key, _ => new(Gather(key))), now) : (null, null);

    public static (byte[]? Bytes, DateTimeOffset? RecomputeAt) Compute(TKey key, Rows rows, DateTimeOffset now)
    {
        var projected = TProjection.Project(key, rows, now);
        return (
            projected.Document is { } document ? JsonSerializer.SerializeToUtf8Bytes(document, TProjection.Json) : null,
            projected.RecomputeAt
        );
    }

    public Answer Respond(AnswerRequest request, IReadOnlyList<TKey> keys, DateTimeOffset now) =>
        TProjection.Respond(
            request,
            new Documents<TKey, TDocument>(
                [
                    .. keys.Select(key =>
                        (key, Compute(key, now).Bytes is { } bytes ? (ReadOnlyMemory<byte>?)bytes : null)
                    ),
                ],
                TProjection.Json
            )
        );
}
