-- In the legacy database, as a superuser. Choose other passwords, and write them into strangler.json.
-- The server needs wal_level = logical; set max_slot_wal_keep_size to the disk that it may keep for Strangler.
create role strangler_bridge login replication password 'bridge-secret' connection limit 10;
create role strangler_gateway login password 'gateway-secret' connection limit 5;
grant usage on schema public to strangler_bridge;
grant select on public.book, public.stock to strangler_bridge;
create publication strangler for table public.book, public.stock;
