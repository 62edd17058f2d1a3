-- On the store's server, as a superuser. Choose other passwords, and write them into strangler.json.
create role strangler login password 'store-secret';
create role strangler_bridge login password 'store-bridge-secret';
create role strangler_projections login password 'store-projections-secret';
create role strangler_gateway login password 'store-gateway-secret';
grant strangler_bridge, strangler_projections to strangler;
create database strangler owner strangler;
