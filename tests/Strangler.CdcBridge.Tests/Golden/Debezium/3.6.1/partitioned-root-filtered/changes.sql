insert into events values (3, '2024-06-01', 'd'), (3, '2025-06-01', 'e');
update events set v = 'A' where id = 1 and at = '2024-05-01';
update events set at = '2025-07-01' where id = 3 and at = '2024-06-01';
update events set id = 4 where id = 1 and at = '2025-05-01';
delete from events where id = 2;
-- @wait
create table events_2026 (v text, id integer, at date not null, primary key (id, at));
-- @wait
insert into events_2026 values ('before', 7, '2026-01-01');
-- @wait
alter table events attach partition events_2026 for values from ('2026-01-01') to ('2027-01-01');
insert into events values (8, '2026-02-01', 'attached');
-- @wait
alter table events detach partition events_2024;
insert into events_2024 values (9, '2024-01-01', 'detached');
update by_hash set v = 'x' where id = 2; update by_hash set id = 100 where id = 3;
insert into parent values (3, 'pp'); insert into child values (4, 'cc', 5); update parent set v = 'all';
truncate events_2026;
truncate events;
