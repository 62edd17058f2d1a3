create type mood as enum ('sad', 'ok'); create domain code as varchar(7);
create table t (id serial primary key, v varchar(20), n numeric(8,2), n0 numeric, tx text, c char(4), ts timestamp(3), tstz timestamptz, e mood, d code, a varchar(3)[], b bit(5), iv interval, big bigint, by bytea, j jsonb);
comment on table t is 'a table'; comment on column t.v is 'a column'; insert into t (v) values ('x');
