-- The least rights of the parts in the store.
-- Run it as the login of 'strangler migrate', which owns the store, after each 'strangler migrate'.
-- It changes nothing the second time.
-- The logins must exist already, for example by:  create role strangler_bridge login password '…'
-- The configuration names them in Store:BridgeConnectionString, Store:ProjectionsConnectionString and
-- Store:GatewayConnectionString; Store:ConnectionString stays the owner's, for 'migrate' and 'check'.
-- An owner that isn't a superuser must be a member of strangler_bridge and strangler_projections, because they own the
-- tables that they make partitions of.

grant select on public.strangler_schema to strangler_bridge, strangler_projections, strangler_gateway;

-- The bridge writes the log, whose segments are partitions that it makes and drops, and the requests for new snapshots.
grant usage, create on schema log to strangler_bridge;
grant select, insert, update, delete on all tables in schema log to strangler_bridge;
grant usage on schema bridge to strangler_bridge;
grant select, insert, update, delete on all tables in schema bridge to strangler_bridge;

-- The projections read the log, and write mirror and documents. The tables of the mirror are made by them.
grant usage on schema log to strangler_projections;
grant select on all tables in schema log to strangler_projections;
grant usage, create on schema projections to strangler_projections;
grant select, insert, update, delete on all tables in schema projections to strangler_projections;

-- The gateway reads documents, and writes stages and evidence.
grant usage on schema log, projections, gateway to strangler_gateway;
grant select on log.trust to strangler_gateway;
grant select
    on projections.build, projections.checkpoint, projections.document, projections.source_table, projections.reads,
        projections.quarantine, projections.dirty
    to strangler_gateway;
grant select, insert, update, delete on all tables in schema gateway to strangler_gateway;

-- Partitions are attached, emptied and dropped by the owner of the table that they belong to.
do $$
declare made record;
begin
    for made in
        select c.oid::regclass as name,
            case n.nspname when 'log' then 'strangler_bridge' else 'strangler_projections' end as login
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p')
            and (
                n.nspname = 'log' and c.relname ~ '^(record|transaction)(_|$)'
                or n.nspname = 'projections' and c.relname ~ '^(current|history)_'
            )
    loop
        execute format('alter table %s owner to %I', made.name, made.login);
        if made.login = 'strangler_bridge' then
            execute format('grant select on %s to strangler_projections', made.name);
        end if;
    end loop;
end $$;
