-- The results of comparisons. Counts only increase. Every write is an increment, a minimum, a maximum or a new
-- row, so gateways don't need to know each other.
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
