using System.Text.Json;
using Dapper;
using Npgsql;

namespace Strangler.Evidence.Storing;

/// <summary>
/// Evidence in the store. A batch is one transaction: 1. its id, so that it counts once; 2. its scopes in a fixed
/// order, whose rows stay locked, so that gateways write a scope one after the other; 3. to 8. sums and examples, one
/// statement each.
/// </summary>
internal sealed class EvidenceStore(NpgsqlDataSource data, EvidenceLimits limits)
{
    private static readonly TimeSpan FlushesKept = TimeSpan.FromDays(1);

    /// <summary>Writes a batch; a batch that is already stored changes nothing.</summary>
    public async Task WriteAsync(EvidenceBatch batch, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ExecuteAsync(EvidenceSql.Begin, new { batch.Id }) == 0)
            return; // 1.
        var scopes = batch
            .Scopes.Where(scope => scope.Value.Since <= scope.Value.Last)
            .OrderBy(scope => Order(scope.Key), StringComparer.Ordinal)
            .ToList();
        var values = new
        {
            Routes = Each(scope => scope.Key.Route),
            Projections = Each(scope => scope.Key.Projection),
            Versions = Each(scope => scope.Key.Version),
            Rules = Each(scope => scope.Key.Rules),
            Since = Each(scope => scope.Value.Since),
            Last = Each(scope => scope.Value.Last),
        };
        var ids = (
            await connection.QueryAsync<StoredScope>(
                new CommandDefinition(EvidenceSql.Scopes, values, transaction, cancellationToken: cancellationToken)
            )
        ) // 2.
        .ToDictionary(row => new EvidenceScope(row.Route, row.Projection, row.Version, row.Rules), row => row.Id);
        var found = scopes.Select(scope => (Id: ids[scope.Key], Batch: scope.Value)).ToList();

        var counts = Rows(found, scope => scope.Counted);
        await ExecuteAsync(
            EvidenceSql.Counts,
            new // 3.
            {
                Scopes = counts.Scopes,
                Whats = counts.Of(row => row.Key.What),
                Names = counts.Of(row => row.Key.Name),
                Details = counts.Of(row => row.Key.Detail),
                Ns = counts.Of(row => row.Value.Count),
                Firsts = counts.Of(row => row.Value.First),
                Lasts = counts.Of(row => row.Value.Last),
                limits.Paths,
            }
        );
        var durations = Rows(found, scope => scope.Durations);
        await ExecuteAsync(
            EvidenceSql.Durations,
            new
            {
                Scopes = durations.Scopes,
                Sides = durations.Of(row => row.Key.Side),
                Buckets = durations.Of(row => row.Key.Bucket),
                Ns = durations.Of(row => row.Value.Count),
                Mosts = durations.Of(row => row.Value.Most),
            }
        ); // 4.
        var spans = Rows(found, scope => scope.Spans);
        await ExecuteAsync(
            EvidenceSql.Spans,
            new // 5.
            {
                Scopes = spans.Scopes,
                Ats = spans.Of(row => row.Key),
                Matched = spans.Of(row => row.Value.Counts[0]),
                Wrong = spans.Of(row => row.Value.Counts[1]),
                Torn = spans.Of(row => row.Value.Counts[2]),
                Incomparable = spans.Of(row => row.Value.Counts[3]),
                Undetermined = spans.Of(row => row.Value.Counts[4]),
            }
        );
        var keys = Rows(found, scope => scope.Keys);
        await ExecuteAsync(
            EvidenceSql.Keys,
            new // 6.
            {
                Scopes = keys.Scopes,
                Hashes = keys.Of(row => row.Key),
                Texts = keys.Of(row => row.Value.Text),
                Sampled = keys.Of(row => row.Value.Sampled),
                Compared = keys.Of(row => row.Value.Compared),
                Matched = keys.Of(row => row.Value.Matched),
                Existing = keys.Of(row => row.Value.Existing),
                Lasts = keys.Of(row => row.Value.Last),
                LastAts = keys.Of(row => row.Value.LastAt),
                limits.Keys,
            }
        );
        var versions = Rows(found, scope => scope.Versions);
        await ExecuteAsync(
            EvidenceSql.Versions,
            new
            {
                Scopes = versions.Scopes,
                Hashes = versions.Of(row => row.Key),
                Ended = versions.Of(row => row.Value),
                limits.Versions,
            }
        ); // 7.
        await WriteAnswersAsync();
        await WriteExamplesAsync(); // 8.
        await transaction.CommitAsync(cancellationToken);
        return;

        T[] Each<T>(Func<KeyValuePair<EvidenceScope, ScopeBatch>, T> value) => [.. scopes.Select(value)];

        Task<int> ExecuteAsync(string sql, object arguments) =>
            connection.ExecuteAsync(
                new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellationToken)
            );

        async Task WriteAnswersAsync()
        {
            var answers = Rows(found, scope => scope.Answers);
            await ExecuteAsync(
                EvidenceSql.Answers,
                new
                {
                    Scopes = answers.Scopes,
                    Hashes = answers.Of(row => row.Key.Hash),
                    Ats = answers.Of(row => row.Value),
                    limits.Versions,
                }
            );
            var undeclared = found.Where(scope => scope.Batch.Undeclared is not null).ToList();
            if (undeclared.Count == 0)
                return;
            await ExecuteAsync(
                EvidenceSql.Undeclared,
                new
                {
                    Scopes = undeclared.Select(scope => scope.Id).ToArray(),
                    Keys = undeclared.Select(scope => scope.Batch.Undeclared!.Key).ToArray(),
                    Requests = undeclared.Select(scope => scope.Batch.Undeclared!.Request).ToArray(),
                    Matched = undeclared.Select(scope => scope.Batch.Undeclared!.MatchedAt).ToArray(),
                    Wrong = undeclared.Select(scope => scope.Batch.Undeclared!.WrongAt).ToArray(),
                }
            );
        }

        async Task WriteExamplesAsync()
        {
            var lines = found
                .SelectMany(scope =>
                    scope.Batch.Examples.SelectMany(line =>
                        line.Value.Select(example => (scope.Id, line.Key, Example: example))
                    )
                )
                .ToList();
            if (lines.Count == 0)
                return;
            var examples = lines.DistinctBy(line => line.Example.Report.Id).ToList();
            await ExecuteAsync(
                EvidenceSql.Examples,
                new
                {
                    Ids = examples.Select(line => line.Example.Report.Id).ToArray(),
                    Scopes = examples.Select(line => line.Id).ToArray(),
                    Ats = examples.Select(line => line.Example.Report.At).ToArray(),
                    Examples = examples
                        .Select(line => JsonSerializer.Serialize(line.Example.Report, JsonSerializerOptions.Web))
                        .ToArray(),
                }
            );
            await ExecuteAsync(
                EvidenceSql.Lines,
                new
                {
                    Scopes = lines.Select(line => line.Id).ToArray(),
                    Paths = lines.Select(line => line.Key.Path).ToArray(),
                    Kinds = lines.Select(line => line.Key.Kind).ToArray(),
                    Examples = lines.Select(line => line.Example.Report.Id).ToArray(),
                    Priorities = lines.Select(line => line.Example.Priority).ToArray(),
                    Ats = lines.Select(line => line.Example.Report.At).ToArray(),
                }
            );
            var touched = lines.Select(line => (line.Id, line.Key)).Distinct().ToList();
            await ExecuteAsync(
                EvidenceSql.TrimLines,
                new
                {
                    Scopes = touched.Select(line => line.Id).ToArray(),
                    Paths = touched.Select(line => line.Key.Path).ToArray(),
                    Kinds = touched.Select(line => line.Key.Kind).ToArray(),
                    limits.PerPath,
                    EvidenceLimits.First,
                }
            );
            await ExecuteAsync(
                EvidenceSql.DropUnnamed,
                new { Scopes = touched.Select(line => line.Id).Distinct().ToArray() }
            );
        }
    }

    /// <summary>
    /// Removes what is too old or too much, in bounded steps, and merges minutes older than a day into hours. Counts
    /// stay.
    /// </summary>
    public async Task PruneAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        var old = now - limits.Retention;
        await ExecuteAsync(PruningSql.PruneFlushes, new { Old = now - FlushesKept });
        await ExecuteAsync(PruningSql.Downsample, new { Day = now.AddDays(-1) });
        await ExecuteAsync(PruningSql.PruneSpans, new { Old = old });
        await ExecuteAsync(PruningSql.PruneExamples, new { Old = old, Most = limits.Examples });
        await ExecuteAsync(PruningSql.CloseScopes, new { Old = old });
        await ExecuteAsync(PruningSql.PruneKeys, null);
        await ExecuteAsync(PruningSql.PruneVersions, null);
        await ExecuteAsync(PruningSql.PruneAnswers, new { Old = old });

        Task<int> ExecuteAsync(string sql, object? arguments) =>
            connection.ExecuteAsync(new CommandDefinition(sql, arguments, cancellationToken: cancellationToken));
    }

    private static string Order(EvidenceScope scope) =>
        $"{scope.Route}\n{scope.Projection}\n{scope.Version}\n{scope.Rules}";

    private static RowsOf<TKey, TValue> Rows<TKey, TValue>(
        IReadOnlyList<(long Id, ScopeBatch Batch)> scopes,
        Func<ScopeBatch, Dictionary<TKey, TValue>> of
    )
        where TKey : notnull => new([.. scopes.SelectMany(scope => of(scope.Batch).Select(row => (scope.Id, row)))]);

    private sealed record StoredScope(long Id, string Route, string Projection, string Version, string Rules);

    private sealed class RowsOf<TKey, TValue>(IReadOnlyList<(long Scope, KeyValuePair<TKey, TValue> Row)> rows)
    {
        public long[] Scopes => [.. rows.Select(row => row.Scope)];

        public T[] Of<T>(Func<KeyValuePair<TKey, TValue>, T> value) => [.. rows.Select(row => value(row.Row))];
    }
}
