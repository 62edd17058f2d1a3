-- The applier creates the pair of tables of a source table, current_<id> and history_<id>, because their link
-- columns depend on the declarations.
create schema projections;

create table projections.checkpoint (
    source text primary key,
    epoch int not null,
    commit pg_lsn not null,
    ordinal int not null,
    at timestamptz,
    fence bigint not null,
    kept_epoch int,
    kept_commit pg_lsn
);

create table projections.build (
    id int generated always as identity primary key,
    source text not null,
    projection text not null,
    version text not null,
    state text not null check (state in ('live', 'stopped', 'old')),
    problem text,
    made_at timestamptz not null
);
create unique index build_served on projections.build (projection) where state <> 'old';

create table projections.source_table (
    id int generated always as identity primary key,
    source text not null,
    schema text not null,
    name text not null,
    columns text[] not null,
    definition text,
    in_doubt boolean not null default false,
    unique (source, schema, name)
);

create table projections.reads (
    build int not null,
    source_table int not null,
    primary key (build, source_table)
);

create table projections.link (
    source_table int not null,
    slot int not null,
    projection text not null,
    ordinal int not null,
    primary key (source_table, slot),
    unique (source_table, projection, ordinal)
);

create table projections.document (
    build int not null,
    key text collate "C" not null,
    bytes bytea,
    hash bytea not null,
    touched_epoch int not null,
    touched_commit pg_lsn not null,
    computed_for timestamptz not null,
    recompute_at timestamptz,
    primary key (build, key)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index document_due on projections.document (recompute_at) where recompute_at is not null;

create table projections.dirty (
    build int not null,
    key text collate "C" not null,
    touched_epoch int not null,
    touched_commit pg_lsn not null,
    priority int not null default 0,
    primary key (build, key)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index dirty_order on projections.dirty (build, priority, key);

create table projections.quarantine (
    build int not null,
    key text collate "C" not null,
    epoch int not null,
    commit pg_lsn not null,
    at timestamptz not null,
    error text not null,
    rows text not null,
    overrun boolean not null,
    primary key (build, key)
);
