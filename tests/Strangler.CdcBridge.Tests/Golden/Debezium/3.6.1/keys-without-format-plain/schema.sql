create table by_lsn (at pg_lsn primary key, v integer);
create table by_both (id integer, at pg_lsn, v integer, primary key (at, id));
insert into by_lsn values ('0/1', 1);
insert into by_both values (1, '0/1', 1);
