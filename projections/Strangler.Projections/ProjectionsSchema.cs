using Strangler.Foundation.Store;

namespace Strangler.Projections;

/// <summary>
/// The tables of the projections in the store. A position is always (epoch, commit, ordinal), with the commit as
/// <c>pg_lsn</c>: PostgreSQL compares and prints it as we do.
/// </summary>
public static class ProjectionsSchema
{
    // The applier creates the pair of tables of a source table, current_<id> and history_<id>, because their link
    // columns depend on the declarations.
    private const string Tables = """
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
        """;

    // In a store that was created earlier, nothing is known about the time before this migration ran.
    private const string Moments = """
        alter table projections.checkpoint add epoch_at timestamptz;
        update projections.checkpoint set epoch_at = at;
        comment on column projections.checkpoint.epoch_at is
            'The source''s clock when the first batch of the epoch had been applied: '
            'what began before may be of another history.';

        alter table projections.source_table add settled_epoch int, add settled_commit pg_lsn;
        update projections.source_table t set settled_epoch = c.epoch, settled_commit = c.commit
        from projections.checkpoint c
        where c.source = t.source and c.at is not null;
        comment on column projections.source_table.settled_commit is
            'With settled_epoch: where the table was last found in doubt or read completely; null: not yet.';
        """;

    // No key ever got another priority. And with two indexes that begin with the build, a look-up's plan could choose
    // the one that has to be read completely.
    private const string OneQueue = """
        drop index projections.dirty_order;
        alter table projections.dirty drop column priority;
        """;

    // The versions that a bracket reads ended in it or after it. An index over the link alone finds all versions that a
    // key ever had, which is a day's changes for a key that changes all day.
    private const string LinkEnds = """
        do $$
        declare link record;
        begin
            for link in
                select c.relname as history, a.attname as slot
                from pg_class c
                join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'projections'::regnamespace and c.relkind = 'p' and c.relname like 'history\_%'
                    and a.attname ~ '^l[0-9]+$' and not a.attisdropped
            loop
                execute format(
                    'create index %I on projections.%I (%I, to_epoch, to_commit) where %3$I is not null',
                    link.history || '_' || link.slot || '_to', link.history, link.slot
                );
                execute format('drop index if exists projections.%I', link.history || '_' || link.slot);
            end loop;
        end $$;
        """;

    // Due times are by the clock that the function received. Readers' clocks may differ.
    private const string Clock = """
        alter table projections.checkpoint add clock_ahead double precision;
        comment on column projections.checkpoint.clock_ahead is
            'How far the projections'' clock is ahead of the store''s, in seconds, '
            'when the checkpoint was last moved.';
        """;

    private const string Doubts = """
        alter table projections.source_table add doubt text;
        comment on column projections.source_table.doubt is
            'Why a table that is in doubt stays so until something is mended; null: it is about to be read.';
        """;

    // The version covers both, but doesn't tell which of the two differs from a reader's.
    private const string Codes = """
        alter table projections.build add code text, add cultures text;
        comment on column projections.build.code is
            'The hash of the code alone; null: the program that began the build did not note it.';
        comment on column projections.build.cultures is
            'Where the process that began the build had the data of cultures from.';
        """;

    public static readonly StoreSchema Value = new(
        "projections",
        [Tables, Moments, OneQueue, LinkEnds, Clock, Doubts, Codes]
    );
}
