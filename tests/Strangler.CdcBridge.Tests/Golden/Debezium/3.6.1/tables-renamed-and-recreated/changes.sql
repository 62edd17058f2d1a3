insert into a values (2, 'two', 2);
-- @wait
alter table a rename to a2; insert into a2 values (3, 'three', 3);
-- @wait
drop table c; create table c (code text primary key, id bigint not null default 7, extra date); insert into c values ('new', 1, '2024-01-01'); delete from c;
-- @wait
alter table b alter column v type varchar(50), alter column t type timestamp(6), alter column w type jsonb using to_jsonb(w); insert into b values (2, 'longer than five', '2024-01-01 00:00:00.123456', '{"a": 1}');
-- @wait
alter table b drop column w, add column w integer default 5 not null; insert into b (id) values (3); update b set v = 'x' where id = 1; delete from b where id = 2;
-- @wait
alter table b rename column id to key; insert into b values (4, 'four', null, 4); update b set key = 40 where key = 4;
-- @wait
alter table b set schema public; create schema moved; alter table b set schema moved; insert into moved.b values (5, 'five', null, 5);
begin; insert into moved.b values (6, 'six', null, 6); alter table moved.b add column late text; insert into moved.b values (7, 'seven', null, 7, 'late'); alter table moved.b drop column late; insert into moved.b values (8, 'eight', null, 8); commit;
