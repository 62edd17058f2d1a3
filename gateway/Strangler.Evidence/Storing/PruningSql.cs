namespace Strangler.Evidence.Storing;

/// <summary>
/// The statements with which <see cref="EvidenceStore"/> removes what is no longer kept, some at a time.
/// </summary>
internal static class PruningSql
{
    public const string PruneFlushes = """
        delete from gateway.evidence_flush
        where id in (select id from gateway.evidence_flush where at < @Old limit 10000)
        """;

    public const string Downsample = """
        with taken as (
            delete from gateway.evidence_span
            where (scope, seconds, at) in (
                select scope, seconds, at
                from gateway.evidence_span
                where seconds = 60 and at < date_trunc('hour', @Day::timestamptz, 'UTC')
                limit 5000
            )
            returning *
        )
        insert into gateway.evidence_span as s (scope, at, seconds, matched, wrong, torn, incomparable, undetermined)
        select scope, date_trunc('hour', at, 'UTC'), 3600,
            sum(matched), sum(wrong), sum(torn), sum(incomparable), sum(undetermined)
        from taken
        group by 1, 2
        on conflict (scope, seconds, at) do update set
            matched = s.matched + excluded.matched,
            wrong = s.wrong + excluded.wrong,
            torn = s.torn + excluded.torn,
            incomparable = s.incomparable + excluded.incomparable,
            undetermined = s.undetermined + excluded.undetermined
        """;

    public const string PruneSpans = """
        delete from gateway.evidence_span
        where (scope, seconds, at) in (
            select scope, seconds, at from gateway.evidence_span where at < @Old limit 5000
        )
        """;

    /// <summary>For each path, the examples to be kept longest are pruned last.</summary>
    public const string PruneExamples = """
        delete from gateway.evidence_example where id in (
            select id from (
                select id, at, row_number() over (partition by scope order by line, at desc, id desc) as place from (
                    select e.id, e.scope, e.at, coalesce(min(l.place), 1000000) as line
                    from gateway.evidence_example e
                    left join (
                        select example,
                            row_number() over (
                                partition by scope, path, kind
                                order by floor(extract(epoch from at) / 21600) desc, at, example collate "C"
                            ) as place
                        from gateway.evidence_line
                    ) l on l.example = e.id
                    group by e.id
                ) lined
            ) placed
            where at < @Old or place > @Most
            limit 1000
        )
        """;

    /// <summary>
    /// A scope that was superseded and idle for the whole retention is closed: if it ever returns, its evidence starts
    /// over.
    /// </summary>
    public const string CloseScopes = """
        update gateway.evidence_scope s set closed_at = now()
        where closed_at is null and last_at < @Old and exists (
            select from gateway.evidence_scope newer where newer.route = s.route and newer.last_at > s.last_at
        )
        """;

    public const string PruneKeys = """
        delete from gateway.evidence_key where (scope, hash) in (
            select k.scope, k.hash
            from gateway.evidence_scope s
            join gateway.evidence_key k on k.scope = s.id
            where s.closed_at is not null
            limit 20000
        )
        """;

    public const string PruneAnswers = """
        with gone as (
            delete from gateway.evidence_answer where (scope, hash) in (
                select scope, hash from gateway.evidence_answer where matched_at < @Old limit 20000
            )
            returning scope
        )
        update gateway.evidence_scope s set answers = s.answers - d.n
        from (select scope, count(*) as n from gone group by scope) d
        where s.id = d.scope
        """;

    public const string PruneVersions = """
        delete from gateway.evidence_version where (scope, hash) in (
            select v.scope, v.hash
            from gateway.evidence_scope s
            join gateway.evidence_version v on v.scope = s.id
            where s.closed_at is not null
            limit 20000
        )
        """;
}
