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
