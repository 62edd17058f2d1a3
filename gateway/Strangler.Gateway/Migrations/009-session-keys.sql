-- The keys with which gateways sign what a caller has seen (Freshness: session). All gateways share them, and one of
-- them makes a new one each day.
create table gateway.session_key (
    id int generated always as identity primary key,
    secret bytea not null check (octet_length(secret) = 32),
    created_at timestamptz not null default clock_timestamp()
);
