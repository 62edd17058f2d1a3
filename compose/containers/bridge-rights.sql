-- Runs as the owner of the shop's tables once they exist, and changes nothing the second time.
-- Only a table's owner can publish it, so the publication is made here and not by the bridge.
\set ON_ERROR_STOP on
\set tables `paste -sd, /tables.txt`
begin;
grant usage on schema public to strangler_bridge;
grant select on :tables to strangler_bridge;
select not exists (select from pg_publication where pubname = 'strangler') as absent \gset
\if :absent
create publication strangler for table :tables;
\endif
commit;
