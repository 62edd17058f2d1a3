-- A segment's number is its source's id times 2^40 and a count: the segments of a source are one range of numbers
-- in the order of positions, so that (segment, position) orders a source's records and an append over its
-- partitions needs no sort.
create schema log;

-- One row a source. Records behind the end are there but invisible: the end is the only mark of a commit,
-- moved by the appender whose token stands here.
create table log.source (
    id smallint generated always as identity primary key,
    name text not null unique,
    appender bigint not null default 0,
    end_epoch int,
    end_commit pg_lsn,
    end_ordinal int,
    end_at timestamptz,
    transaction_at timestamptz,
    begin_epoch int not null default 0,
    begin_commit pg_lsn not null default '0/0',
    begin_ordinal int not null default 0,
    begin_at timestamptz,
    begin_starts_epoch boolean not null default true,
    next_segment bigint not null default 0,
    "offset" bytea
) with (fillfactor = 50);
comment on column log.source.appender is 'Fencing token: the last appender that has opened.';
comment on column log.source.end_at is 'The source''s clock at the end.';
comment on column log.source.transaction_at is 'The source''s clock at the last transaction.';
comment on column log.source.begin_at is
    'The source''s clock at the last transaction at or before the beginning; null before any was dropped.';
comment on column log.source.begin_starts_epoch is
    'Whether what the log begins with is the start of an epoch, which is a snapshot.';

create table log.segment (
    segment bigint primary key,
    source smallint not null references log.source,
    epoch int not null,
    starts_epoch boolean not null,
    start_epoch int not null,
    start_commit pg_lsn not null,
    start_ordinal int not null,
    start_at timestamptz,
    created_at timestamptz not null,
    oldest_at timestamptz,
    newest_at timestamptz,
    records bigint not null default 0,
    bytes bigint not null default 0
) with (fillfactor = 50);
comment on column log.segment.start_commit is
    'With start_epoch and start_ordinal: all records of the segment are behind this position, '
    'and all before it are in earlier segments.';
comment on column log.segment.start_at is 'The source''s clock at the last transaction before the segment.';
comment on column log.segment.oldest_at is
    'The earliest time of a transaction of the segment. Clocks step: it need not be the first one''s.';

create table log.record (
    segment bigint not null,
    epoch int not null,
    "commit" pg_lsn not null,
    ordinal int not null,
    xid xid8 not null,
    kind smallint not null,
    topic text not null,
    key bytea,
    headers bytea,
    value bytea,
    primary key (segment, epoch, "commit", ordinal)
) partition by range (segment);

create table log.transaction (
    segment bigint not null,
    epoch int not null,
    "commit" pg_lsn not null,
    xid xid8 not null,
    committed_at timestamptz not null,
    records int not null,
    primary key (segment, epoch, "commit")
) partition by range (segment);
comment on column log.transaction.xid is
    '0: what a snapshot or a reading of a table brought, which is no transaction of the source.';
