namespace Strangler.Evidence.Storing;

/// <summary>The statements of <see cref="EvidenceStore"/>. Each takes columns of rows as arrays.</summary>
internal static class EvidenceSql
{
    public const string Begin = """insert into gateway.evidence_flush (id) values (@Id) on conflict (id) do nothing""";

    public const string Scopes = """
        insert into gateway.evidence_scope as s (route, projection, version, rules, since, last_at)
        select *
        from unnest(
            @Routes::text[], @Projections::text[], @Versions::text[], @Rules::text[],
            @Since::timestamptz[], @Last::timestamptz[]
        )
        on conflict (route, projection, version, rules) where closed_at is null do update set
            since = least(s.since, excluded.since),
            last_at = greatest(s.last_at, excluded.last_at)
        returning s.id, s.route, s.projection, s.version, s.rules
        """;

    /// <summary>Lines beyond the limit are counted under one name.</summary>
    public const string Counts = """
        with given as (
            select *
            from unnest(
                @Scopes::bigint[], @Whats::text[], @Names::text[], @Details::text[],
                @Ns::bigint[], @Firsts::timestamptz[], @Lasts::timestamptz[]
            ) as given (scope, what, name, detail, n, first_at, last_at)
        ), held as (
            select scope, what, count(*) as lines
            from gateway.evidence_count
            where scope = any(@Scopes)
                and what in ('difference', 'ignored', 'noise', 'header', 'fault', 'ask-legacy')
                and name <> '(more)'
            group by scope, what
        ), ranked as (
            select given.*, old.scope is not null as known,
                coalesce(held.lines, 0) + row_number() over (
                    partition by given.scope, given.what, old.scope is not null order by given.name, given.detail
                ) as place
            from given
            left join gateway.evidence_count old using (scope, what, name, detail)
            left join held using (scope, what)
        ), judged as (
            select *,
                what in ('difference', 'ignored', 'noise', 'header', 'fault', 'ask-legacy')
                    and not known and place > @Paths as beyond
            from ranked
        ), placed as (
            select scope, what, beyond,
                case when beyond then '(more)' else name end as name,
                case when beyond and what not in ('difference', 'header') then '' else detail end as detail,
                n, first_at, last_at
            from judged
        )
        insert into gateway.evidence_count as c (scope, what, name, detail, n, first_at, last_at)
        select scope, what, name, detail, sum(n), min(first_at), max(last_at)
        from placed
        group by scope, what, name, detail
        on conflict (scope, what, name, detail) do update set
            n = c.n + excluded.n,
            first_at = least(c.first_at, excluded.first_at),
            last_at = greatest(c.last_at, excluded.last_at)
        """;

    public const string Durations = """
        insert into gateway.evidence_duration as d (scope, side, bucket, n, most)
        select * from unnest(@Scopes::bigint[], @Sides::text[], @Buckets::int[], @Ns::bigint[], @Mosts::bigint[])
        on conflict (scope, side, bucket) do update set n = d.n + excluded.n, most = greatest(d.most, excluded.most)
        """;

    public const string Spans = """
        insert into gateway.evidence_span as s (scope, at, seconds, matched, wrong, torn, incomparable, undetermined)
        select scope, at, 60, matched, wrong, torn, incomparable, undetermined
        from unnest(
            @Scopes::bigint[], @Ats::timestamptz[], @Matched::bigint[], @Wrong::bigint[], @Torn::bigint[],
            @Incomparable::bigint[], @Undetermined::bigint[]
        ) as given (scope, at, matched, wrong, torn, incomparable, undetermined)
        on conflict (scope, seconds, at) do update set
            matched = s.matched + excluded.matched,
            wrong = s.wrong + excluded.wrong,
            torn = s.torn + excluded.torn,
            incomparable = s.incomparable + excluded.incomparable,
            undetermined = s.undetermined + excluded.undetermined
        """;

    /// <summary>
    /// The scope's own figures are stored separately, so that nobody has to count a million rows to read them. A key
    /// beyond the limit has no row: it counts as new each time that it is named, and as one that has never matched.
    /// </summary>
    public const string Keys = """
        with given as (
            select *
            from unnest(
                @Scopes::bigint[], @Hashes::bigint[], @Texts::text[],
                @Sampled::bigint[], @Compared::bigint[], @Matched::bigint[], @Existing::bigint[],
                @Lasts::text[], @LastAts::timestamptz[]
            ) as given (scope, hash, key, sampled, compared, matched, existing, last, last_at)
        ), found as (
            select given.*, old.hash is not null as known,
                coalesce(old.sampled, 0) as old_sampled,
                coalesce(old.compared, 0) as old_compared,
                coalesce(old.matched, 0) as old_matched,
                coalesce(old.existing, 0) as old_existing,
                old.hash is not null
                    or s.keys + row_number() over (
                        partition by given.scope, old.hash is not null order by given.hash
                    ) <= @Keys as fits
            from given
            join gateway.evidence_scope s on s.id = given.scope
            left join gateway.evidence_key old on old.scope = given.scope and old.hash = given.hash
        ), written as (
            insert into gateway.evidence_key as k
                (scope, hash, key, sampled, compared, matched, existing, last, last_at)
            select scope, hash, case when matched = 0 then key end,
                sampled, compared, matched, existing, last, last_at
            from found
            where fits
            on conflict (scope, hash) do update set
                key = case when k.matched + excluded.matched = 0 then coalesce(k.key, excluded.key) end,
                sampled = k.sampled + excluded.sampled,
                compared = k.compared + excluded.compared,
                matched = k.matched + excluded.matched,
                existing = k.existing + excluded.existing,
                last = case
                    when excluded.last_at > k.last_at
                        or k.last_at is null
                        or excluded.last_at = k.last_at and excluded.last collate "C" > k.last
                    then excluded.last
                    else k.last
                end,
                last_at = greatest(k.last_at, excluded.last_at)
        )
        update gateway.evidence_scope s set
            keys = s.keys + d.added,
            keys_compared = s.keys_compared + d.compared,
            keys_matched = s.keys_matched + d.matched,
            keys_existing = s.keys_existing + d.existing,
            keys_over = s.keys_over + d.beyond,
            named = s.named + d.named,
            covered = s.covered + d.covered,
            keys_once = s.keys_once + d.once
        from (
            select scope,
                count(*) filter (where fits and not known) as added,
                count(*) filter (where fits and old_compared = 0 and compared > 0) as compared,
                count(*) filter (where fits and old_matched = 0 and matched > 0) as matched,
                count(*) filter (where fits and old_existing = 0 and existing > 0) as existing,
                count(*) filter (where not fits) as beyond,
                sum(sampled)::bigint as named,
                (
                    coalesce(sum(old_sampled + sampled) filter (where fits and old_matched + matched > 0), 0)
                    - coalesce(sum(old_sampled) filter (where fits and old_matched > 0), 0)
                )::bigint as covered,
                (
                    count(*) filter (where fits and old_sampled + sampled = 1)
                    - count(*) filter (where fits and old_sampled = 1)
                    + coalesce(sum(sampled) filter (where not fits), 0)
                )::bigint as once
            from found
            group by scope
        ) d
        where s.id = d.scope
        """;

    public const string Versions = """
        with given as (
            select *
            from unnest(@Scopes::bigint[], @Hashes::bigint[], @Ended::int[]) as given (scope, hash, ended)
        ), found as (
            select given.scope, given.hash, given.ended, old.hash is not null as known,
                coalesce(old.ended, 0) as before,
                coalesce(old.ended, 0) | given.ended as after,
                old.hash is not null
                    or s.versions + row_number() over (
                        partition by given.scope, old.hash is not null order by given.hash
                    ) <= @Versions as fits
            from given
            join gateway.evidence_scope s on s.id = given.scope
            left join gateway.evidence_version old on old.scope = given.scope and old.hash = given.hash
        ), written as (
            insert into gateway.evidence_version as v (scope, hash, ended)
            select scope, hash, ended from found where fits
            on conflict (scope, hash) do update set ended = v.ended | excluded.ended
            where v.ended <> v.ended | excluded.ended
        )
        update gateway.evidence_scope s set
            versions = s.versions + d.added,
            versions_matched = s.versions_matched + d.matched,
            versions_existing = s.versions_existing + d.existing,
            versions_wrong = s.versions_wrong + d.wrong,
            versions_over = s.versions_over + d.beyond
        from (
            select scope,
                count(*) filter (where fits and not known) as added,
                count(*) filter (where fits and after & 3 = 1)
                    - count(*) filter (where fits and before & 3 = 1) as matched,
                count(*) filter (where fits and after & 7 = 5)
                    - count(*) filter (where fits and before & 7 = 5) as existing,
                count(*) filter (where fits and after & 2 = 2)
                    - count(*) filter (where fits and before & 2 = 2) as wrong,
                count(*) filter (where not fits) as beyond
            from found
            group by scope
        ) d
        where s.id = d.scope
        """;

    public const string Examples = """
        insert into gateway.evidence_example (id, scope, at, example)
        select id, scope, at, example::json
        from unnest(@Ids::text[], @Scopes::bigint[], @Ats::timestamptz[], @Examples::text[])
            as given (id, scope, at, example)
        on conflict (id) do nothing
        """;

    /// <summary>
    /// Only paths that are counted under their own name have examples, so that the examples are bounded, too.
    /// </summary>
    public const string Lines = """
        insert into gateway.evidence_line (scope, path, kind, example, priority, at)
        select given.*
        from unnest(
            @Scopes::bigint[], @Paths::text[], @Kinds::text[], @Examples::text[],
            @Priorities::bigint[], @Ats::timestamptz[]
        ) as given (scope, path, kind, example, priority, at)
        join gateway.evidence_count c
            on c.scope = given.scope and c.what = 'difference' and c.name = given.path and c.detail = given.kind
        on conflict do nothing
        """;

    /// <summary>
    /// The examples with the lowest priorities are a uniform sample of all examples: one that has left the sample never
    /// returns to it. The same applies to the first examples of each quarter of a day; the two latest quarters with any
    /// count.
    /// </summary>
    public const string TrimLines = """
        delete from gateway.evidence_line l using (
            select scope, path, kind, example,
                row_number() over (partition by scope, path, kind order by priority, example collate "C") as drawn,
                row_number() over (
                    partition by scope, path, kind order by at desc, example collate "C" desc
                ) as newest,
                row_number() over (
                    partition by scope, path, kind, floor(extract(epoch from at) / 21600)
                    order by at, example collate "C"
                ) as first,
                dense_rank() over (
                    partition by scope, path, kind order by floor(extract(epoch from at) / 21600) desc
                ) as quarter
            from gateway.evidence_line
            where (scope, path, kind) in (select * from unnest(@Scopes::bigint[], @Paths::text[], @Kinds::text[]))
        ) r
        where l.scope = r.scope and l.path = r.path and l.kind = r.kind and l.example = r.example
            and r.drawn > @PerPath and r.newest > @PerPath and (r.first > @First or r.quarter > 2)
        """;

    /// <summary>
    /// An answer beyond the limit isn't remembered. One that matches again and again is written once a minute.
    /// </summary>
    public const string Answers = """
        with given as (
            select *
            from unnest(@Scopes::bigint[], @Hashes::bigint[], @Ats::timestamptz[]) as given (scope, hash, matched_at)
        ), found as (
            select given.*, old.hash is not null as known,
                old.hash is not null
                    or s.answers + row_number() over (
                        partition by given.scope, old.hash is not null order by given.hash
                    ) <= @Versions as fits
            from given
            join gateway.evidence_scope s on s.id = given.scope
            left join gateway.evidence_answer old on old.scope = given.scope and old.hash = given.hash
        ), written as (
            insert into gateway.evidence_answer as a (scope, hash, matched_at)
            select scope, hash, matched_at from found where fits
            on conflict (scope, hash) do update set matched_at = excluded.matched_at
            where a.matched_at < excluded.matched_at - interval '1 minute'
        )
        update gateway.evidence_scope s set answers = s.answers + d.added
        from (
            select scope, count(*) filter (where fits and not known) as added from found group by scope
        ) d
        where s.id = d.scope and d.added > 0
        """;

    public const string Undeclared = """
        insert into gateway.evidence_undeclared as u (scope, key, request, matched_at, wrong_at)
        select *
        from unnest(
            @Scopes::bigint[], @Keys::text[], @Requests::text[], @Matched::timestamptz[], @Wrong::timestamptz[]
        )
        on conflict (scope) do update set
            key = excluded.key,
            request = excluded.request,
            matched_at = excluded.matched_at,
            wrong_at = excluded.wrong_at
        where excluded.wrong_at < u.wrong_at
        """;

    public const string DropUnnamed = """
        delete from gateway.evidence_example e
        where e.scope = any(@Scopes)
            and not exists (select from gateway.evidence_line l where l.example = e.id)
        """;
}
