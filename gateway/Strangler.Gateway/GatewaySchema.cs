using Strangler.Foundation.Store;

namespace Strangler.Gateway;

/// <summary>
/// The gateway's tables in the store: the stage of each route, every change of it (kept permanently), and the results
/// of comparisons.
/// </summary>
public static class GatewaySchema
{
    private const string Stages = """
        create schema gateway;
        -- A later stage comes with a script, so that a program that does not know it is refused.
        create table gateway.route (
            route text primary key,
            stage text not null check (stage in ('legacy', 'lookup')),
            version int not null check (version > 0),
            changed_at timestamptz not null,
            who text not null,
            why text not null
        );
        create table gateway.stage_change (
            route text not null,
            version int not null,
            stage_from text,
            stage_to text not null,
            changed_at timestamptz not null,
            who text not null,
            why text not null,
            primary key (route, version)
        );
        create function gateway.stage_change_stays() returns trigger language plpgsql as
            $$ begin raise exception 'gateway.stage_change is kept for ever: rows are only added.'; end $$;
        create trigger stays before update or delete or truncate on gateway.stage_change
            for each statement execute function gateway.stage_change_stays();
        """;

    private const string Shadow = """
        alter table gateway.route
            drop constraint route_stage_check,
            add constraint route_stage_check check (stage in ('legacy', 'shadow', 'lookup'));
        """;

    /// <summary>
    /// The results of comparisons. Counts only increase. Every write is an increment, a minimum, a maximum or a new
    /// row, so gateways don't need to know each other.
    /// </summary>
    private const string Evidence = """
        alter table gateway.stage_change
            add column forced boolean not null default false,
            add column evidence json;
        create table gateway.evidence_scope (
            id bigint generated always as identity primary key,
            route text not null,
            projection text not null,
            version text not null,
            rules text not null,
            since timestamptz not null,
            last_at timestamptz not null,
            closed_at timestamptz,
            keys bigint not null default 0,
            keys_compared bigint not null default 0,
            keys_matched bigint not null default 0,
            keys_over bigint not null default 0,
            versions bigint not null default 0,
            versions_matched bigint not null default 0,
            versions_wrong bigint not null default 0,
            versions_over bigint not null default 0
        );
        create unique index evidence_scope_open on gateway.evidence_scope (route, projection, version, rules)
            where closed_at is null;
        create table gateway.evidence_count (
            scope bigint not null references gateway.evidence_scope,
            what text not null,
            name text not null,
            detail text not null,
            n bigint not null,
            first_at timestamptz not null,
            last_at timestamptz not null,
            primary key (scope, what, name, detail)
        );
        create table gateway.evidence_duration (
            scope bigint not null references gateway.evidence_scope,
            side text not null,
            bucket int not null,
            n bigint not null,
            most bigint not null,
            primary key (scope, side, bucket)
        );
        create table gateway.evidence_span (
            scope bigint not null references gateway.evidence_scope,
            at timestamptz not null,
            seconds int not null,
            matched bigint not null,
            wrong bigint not null,
            torn bigint not null,
            incomparable bigint not null,
            undetermined bigint not null,
            primary key (scope, seconds, at)
        );
        -- A key's text is held only while it has no match.
        create table gateway.evidence_key (
            scope bigint not null references gateway.evidence_scope,
            hash bigint not null,
            key text,
            sampled bigint not null,
            compared bigint not null,
            matched bigint not null,
            last text,
            last_at timestamptz,
            primary key (scope, hash)
        );
        create index evidence_key_unproven on gateway.evidence_key (scope) where matched = 0 and compared >= 5;
        -- ended: 1 matched, 2 was wrong, 3 both.
        create table gateway.evidence_version (
            scope bigint not null references gateway.evidence_scope,
            hash bigint not null,
            ended int not null,
            primary key (scope, hash)
        );
        create table gateway.evidence_example (
            id text primary key,
            scope bigint not null references gateway.evidence_scope,
            at timestamptz not null,
            example json not null
        );
        create index evidence_example_scope on gateway.evidence_example (scope, at);
        create table gateway.evidence_line (
            scope bigint not null,
            path text not null,
            kind text not null,
            example text not null references gateway.evidence_example on delete cascade,
            priority bigint not null,
            at timestamptz not null,
            primary key (scope, path, kind, example)
        );
        create index evidence_line_example on gateway.evidence_line (example);
        create table gateway.evidence_flush (id uuid primary key, at timestamptz not null default now());
        """;

    /// <summary>
    /// A match in which neither side knows the key proves little, so it is distinguished from one with a document. Bit
    /// 4 of a version's <c>ended</c> means that it had a document when it matched.
    /// </summary>
    private const string Existence = """
        alter table gateway.evidence_scope
            add column keys_existing bigint not null default 0,
            add column versions_existing bigint not null default 0;
        alter table gateway.evidence_key add column existing bigint not null default 0;
        """;

    public static readonly StoreSchema Value = new("gateway", [Stages, Shadow, Evidence, Existence]);
}
