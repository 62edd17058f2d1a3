-- The versions that a bracket reads ended in it or after it. An index over the link alone finds all versions that
-- a key ever had, which is a day's changes for a key that changes all day.
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
