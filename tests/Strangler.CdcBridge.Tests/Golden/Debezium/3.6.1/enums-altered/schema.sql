create type mood as enum ('sad', 'ok', 'it''s, "fine"');
create type size as enum ('S', 'M');
create table feelings (m mood, n integer, v mood default 'ok', primary key (m, n));
create table sizes (id integer primary key, s size not null default 'M', many size[], note text);
insert into feelings values ('sad', 1, 'ok'), ('it''s, "fine"', 2, null);
insert into sizes values (1, 'S', '{S,M,NULL}', 'first');
