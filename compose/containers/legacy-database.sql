-- Runs once, as the superuser, when the legacy database's cluster is made.
-- The shop's login owns its database and nothing else.
-- The bridge's login may replicate and connect, owns nothing, and reads only what the owner grants
-- (bridge-rights.sql).
-- The gateway's login may connect, and nothing else.
\getenv shop_password SHOP_PASSWORD
\getenv bridge_password BRIDGE_PASSWORD
\getenv gateway_password GATEWAY_PASSWORD
create role shop login password :'shop_password';
create role strangler_bridge login replication password :'bridge_password' connection limit 10;
create role strangler_gateway login password :'gateway_password' connection limit 5;
create database shop owner shop;
revoke connect, temporary on database shop from public;
grant connect on database shop to strangler_bridge, strangler_gateway;
