using System.Text.Json;
using Dapper;
using Npgsql;
using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>Reads evidence from the store, a whole scope at one instant.</summary>
internal sealed class EvidenceQuery(NpgsqlDataSource data)
{
    private const string Columns = """
        id, route, projection, version, rules, since, last_at,
        keys, keys_compared, keys_matched, keys_over,
        versions, versions_matched, versions_wrong, versions_over, keys_existing, versions_existing,
        named, covered, keys_once
        """;

    private const string ReadScope = $"""
        select {Columns}
        from gateway.evidence_scope
        where route = @Route and projection = @Projection and version = @Version and rules = @Rules
            and closed_at is null
        """;

    private const string ReadEarlier = $"""
        select {Columns}
        from gateway.evidence_scope
        where route = @Route and id <> @Id
        order by last_at desc
        limit 20
        """;

    private const string ReadCounts =
        """select what, name, detail, n, first_at, last_at from gateway.evidence_count where scope = @Id""";

    private const string ReadDurations =
        """select side, bucket, n, most from gateway.evidence_duration where scope = @Id""";

    private const string ReadSpans = """
        select * from (
            select at, seconds, matched, wrong, torn, incomparable, undetermined
            from gateway.evidence_span
            where scope = @Id
            order by at desc
            limit 3000
        ) newest
        order by at, seconds desc
        """;

    private const string ReadUnproven = """
        select count(*) as keys, coalesce(sum(sampled), 0)::bigint as requests
        from gateway.evidence_key
        where scope = @Id and matched = 0 and compared >= 5
        """;

    private const string ReadUnprovenKeys = """
        select coalesce(key, '') as key, sampled as requests, compared, coalesce(last, '') as last
        from gateway.evidence_key
        where scope = @Id and matched = 0 and compared >= 5
        order by sampled desc, compared desc, key collate "C"
        limit 100
        """;

    // longest kept first: the first examples of the latest quarter of a day
    private const string ReadLines = """
        select path, kind, example
        from gateway.evidence_line
        where scope = @Id
        order by path, kind, floor(extract(epoch from at) / 21600) desc, at, example collate "C"
        """;

    private const string ReadExamples = """
        select e.example::text
        from gateway.evidence_example e
        join (
            select example, min(place) as place from (
                select example,
                    row_number() over (
                        partition by path, kind
                        order by floor(extract(epoch from at) / 21600) desc, at, example collate "C"
                    ) as place
                from gateway.evidence_line
                where scope = @Id
            ) placed
            group by example
        ) l on l.example = e.id
        where e.scope = @Id
        order by l.place, e.at desc, e.id collate "C" desc
        limit 50
        """;

    private const string ReadUndeclared = """
        select key, request, matched_at, wrong_at from gateway.evidence_undeclared where scope = @Id
        """;

    private const string ReadExample = """
        select e.example::text as example, s.route
        from gateway.evidence_example e
        join gateway.evidence_scope s on s.id = e.scope
        where e.id = @id
        """;

    private static readonly StoredEvidence Nothing = new(
        default,
        null,
        [],
        [],
        [],
        [],
        new UnprovenTotal(0, 0),
        [],
        [],
        []
    );

    public async Task<StoredEvidence> ReadAsync(EvidenceScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var row = (await QueryAsync<ScopeColumns>(ReadScope, scope)).Select(Of).FirstOrDefault();
        var id = new { scope.Route, Id = row?.Id ?? 0 };
        var earlier = (await QueryAsync<ScopeColumns>(ReadEarlier, id)).Select(Of).ToList();
        var dismissals = (await QueryAsync<DismissalStore.Columns>(DismissalStore.Read, id))
            .Select(DismissalStore.Of)
            .ToList();
        if (row is null)
            return Nothing with { Scope = scope, Earlier = earlier, Dismissals = dismissals };
        return new StoredEvidence(
            scope,
            row,
            earlier,
            [
                .. (await QueryAsync<CountColumns>(ReadCounts, id)).Select(count => new CountRow(
                    count.What,
                    count.Name,
                    count.Detail,
                    count.N,
                    Timestamps.Utc(count.First_At),
                    Timestamps.Utc(count.Last_At)
                )),
            ],
            [.. await QueryAsync<DurationRow>(ReadDurations, id)],
            [
                .. (await QueryAsync<SpanColumns>(ReadSpans, id)).Select(span => new VerdictSpan(
                    Timestamps.Utc(span.At),
                    span.Seconds,
                    span.Matched,
                    span.Wrong,
                    span.Torn,
                    span.Incomparable,
                    span.Undetermined
                )),
            ],
            (await QueryAsync<UnprovenTotal>(ReadUnproven, id)).Single(),
            [.. await QueryAsync<UnprovenKey>(ReadUnprovenKeys, id)],
            [.. await QueryAsync<LineRow>(ReadLines, id)],
            [.. (await QueryAsync<string>(ReadExamples, id)).Select(Example)]
        )
        {
            Dismissals = dismissals,
            Undeclared = (await QueryAsync<UndeclaredColumns>(ReadUndeclared, id)).Select(Of).FirstOrDefault(),
        };

        Task<IEnumerable<T>> QueryAsync<T>(string sql, object values) =>
            connection.QueryAsync<T>(
                new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken)
            );
    }

    /// <summary>An example and its route; null: it doesn't exist, or is no longer kept.</summary>
    public async Task<(ExampleReport Example, string Route)?> ExampleAsync(
        string id,
        CancellationToken cancellationToken
    )
    {
        if (id.Contains('\0', StringComparison.Ordinal))
            return null; // PostgreSQL can't store this text
        await using var connection = await data.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ExampleColumns>(
            new CommandDefinition(ReadExample, new { id }, cancellationToken: cancellationToken)
        );
        return rows.Select(row => ((ExampleReport, string)?)(Example(row.Example), row.Route)).FirstOrDefault();
    }

    private static ExampleReport Example(string json) =>
        JsonSerializer.Deserialize<ExampleReport>(json, JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException("The store holds an example that is null.");

    private static UndeclaredRow Of(UndeclaredColumns row) =>
        new(row.Key, row.Request, Timestamps.Utc(row.Matched_At), Timestamps.Utc(row.Wrong_At));

    private static ScopeRow Of(ScopeColumns row) =>
        new(
            row.Id,
            row.Route,
            row.Projection,
            row.Version,
            row.Rules,
            Timestamps.Utc(row.Since),
            Timestamps.Utc(row.Last_At),
            row.Keys,
            row.Keys_Compared,
            row.Keys_Matched,
            row.Keys_Over,
            row.Versions,
            row.Versions_Matched,
            row.Versions_Wrong,
            row.Versions_Over
        )
        {
            KeysExisting = row.Keys_Existing,
            VersionsExisting = row.Versions_Existing,
            Named = row.Named,
            Covered = row.Covered,
            KeysOnce = row.Keys_Once,
        };

#pragma warning disable CA1707 // the columns' names
    private sealed record ExampleColumns(string Example, string Route);

    private sealed record UndeclaredColumns(string? Key, string Request, DateTime Matched_At, DateTime Wrong_At);

    private sealed record CountColumns(
        string What,
        string Name,
        string Detail,
        long N,
        DateTime First_At,
        DateTime Last_At
    );

    private sealed record SpanColumns(
        DateTime At,
        int Seconds,
        long Matched,
        long Wrong,
        long Torn,
        long Incomparable,
        long Undetermined
    );

    private sealed record ScopeColumns(
        long Id,
        string Route,
        string Projection,
        string Version,
        string Rules,
        DateTime Since,
        DateTime Last_At,
        long Keys,
        long Keys_Compared,
        long Keys_Matched,
        long Keys_Over,
        long Versions,
        long Versions_Matched,
        long Versions_Wrong,
        long Versions_Over,
        long Keys_Existing,
        long Versions_Existing,
        long Named,
        long Covered,
        long Keys_Once
    );
#pragma warning restore CA1707
}
