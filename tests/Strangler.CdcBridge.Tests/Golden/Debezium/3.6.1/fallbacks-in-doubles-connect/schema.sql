create extension hstore; create extension citext; create extension ltree; create type mood as enum ('sad', 'ok');
create table numbers (id integer primary key, i2 smallint not null, i4 integer not null, i8 bigint not null, r real not null, d double precision not null, n numeric not null, nps numeric(8,3) not null, m money not null, b boolean not null, o oid not null);
create table texts (id integer primary key, t text not null, vc varchar(5) not null, c char(3) not null, ci citext not null, x xml not null, j json not null, jb jsonb not null, u uuid not null, e mood not null, lt ltree not null, h hstore not null, ip inet not null, m macaddr not null, tsv tsvector not null, nm name not null);
create table times (id integer primary key, d date not null, t time not null, t3 time(3) not null, tz timetz not null, ts timestamp not null, ts3 timestamp(3) not null, tstz timestamptz not null, tstz0 timestamptz(0) not null, iv interval not null);
create table others (id integer primary key, by bytea not null, b1 bit(1) not null, b8 bit(8) not null, vb varbit(9) not null, p point not null, r int4range not null, i integer[] not null, ta text[] not null, tsa timestamptz[] not null, na numeric[] not null, ea mood[] not null);
insert into numbers values (1, 1, 1, 1, 1, 1, 1, 1, 1, true, 1);
insert into texts values (1, 't', 'v', 'c', 'i', '<a/>', '1', '2', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6e', 'ok', 'a', 'a=>1', '10.0.0.1', '08:00:2b:01:02:03', 'cat', 'nm');
insert into times values (1, '2024-01-01', '10:00', '10:00', '10:00Z', '2024-01-01', '2024-01-01', '2024-01-01 00:00Z', '2024-01-01 00:00Z', '1 day');
insert into others values (1, '\x01', B'1', B'00000001', B'1', '(1,2)', '[1,2)', '{1}', '{a}', '{2024-01-01 00:00Z}', '{1}', '{sad}');
