create schema bridge;
create table bridge.snapshot_request (
    source text primary key,
    after_epoch int not null,
    asked_at timestamptz not null
);
comment on table bridge.snapshot_request is
    'A new snapshot that a person asked for. '
    'It has been taken once the log''s end is in an epoch after after_epoch.';
