update by_default set may = 'z' where id = 1; update by_default set id = 10 where id = 1; delete from by_default where id = 2;
update by_full set may = 'z' where id = 1; update by_full set id = 10 where id = 1; delete from by_full where id = 2;
update by_index set v = 5 where id = 1; update by_index set code = 'cc' where id = 1; update by_index set id = 20 where id = 2; delete from by_index where id = 20; delete from by_index where id = 1;
insert into by_nothing values (2, 'n'); insert into keyless values (2, 'l');
insert into keyless_full values (2, 'l'); update keyless_full set b = 'x' where a = 1; delete from keyless_full where a = 2;
-- @wait
alter table by_default replica identity full; update by_default set may = 'w' where id = 10; delete from by_default where id = 10;
-- @wait
alter table by_full replica identity default; insert into by_full values (3, 'm', 'y'); update by_full set may = 'w' where id = 3; delete from by_full where id = 3;
begin; insert into by_full values (4, 'a', 'a'), (5, 'b', 'b'); update by_full set id = id + 100 where id in (4, 5); delete from by_full where id = 104; commit;
