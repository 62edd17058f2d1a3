-- Faults of a route that a person has looked at and doesn't hold against its gate. Only what identifies a fault is kept
-- with them, and no value of an answer.
create table gateway.dismissal (
    route text not null,
    fault text not null,
    example text not null,
    cause text not null,
    paths text[] not null,
    reason text not null,
    who text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (route, fault)
);
create function gateway.dismissal_stays() returns trigger language plpgsql as
    $$ begin raise exception 'gateway.dismissal is kept for ever: rows are only added.'; end $$;
create trigger stays before update or delete or truncate on gateway.dismissal
    for each statement execute function gateway.dismissal_stays();
