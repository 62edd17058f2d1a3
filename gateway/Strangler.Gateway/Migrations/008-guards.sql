-- A guard that trips changes a route's stage like a person, and is named in the history. A frozen route isn't promoted
-- until a person lifts that.
alter table gateway.route
    add column guard text,
    add column frozen boolean not null default false;
alter table gateway.stage_change
    add column guard text,
    add column frozen boolean not null default false;
