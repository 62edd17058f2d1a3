insert into reordered values (2, 'two', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6f', 2), (3, '</script>', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d60', 3);
update reordered set v = 9 where a = 1; update reordered set a = 22 where a = 2; delete from reordered where a = 3;
insert into by_stamp values ('2024-02-29 12:00:00.123456', '2024-02-29', 1), ('1969-12-31 23:59:59.9', '0044-03-15 BC', 2), ('infinity', '-infinity', 3); update by_stamp set v = v + 1;
insert into by_numeric values (1.5, 100, 1), (-0.001, 0.00001, 2), (0, -12345678901234567890, 3), (1, 1.50, 4); update by_numeric set v = v + 1;
insert into by_mixed values ('\x00ff', true, 'sad', 1), ('', false, 'ok', 2); update by_mixed set f = not f; delete from by_mixed;
insert into by_times values ('24:00', '10:00:00.5+02', '1 mon 2 days', '2024-02-29 12:00:00.9Z', 1), ('00:00:01', '23:59-12', '-1 day', '-infinity', 2); update by_times set v = v + 1;
insert into by_texts values ('ab', 'Zürich', 'x', 'nàme', 1), ('', '', '', '', 2); update by_texts set v = v + 1;
insert into by_net values ('192.168.1.5/24', '08:00:2b:01:02:03', 1), ('::1', '00:00:00:00:00:00', 2); update by_net set v = v + 1;
insert into by_floats values (1.5, 1e22, -1, 9007199254740993, 4294967295, 1), (0.1, -1e-7, 0, -1, 0, 2), (1e10, 123456789012, 1, 1, 1, 3); update by_floats set v = v + 1;
insert into by_bits values (B'1', B'00000101', 1), (B'0', B'00000000', 2); update by_bits set v = v + 1;
insert into unique_not_null values (2, 'b', 6, 1); update unique_not_null set v = 2 where id = 1; update unique_not_null set code = 'c' where id = 2; delete from unique_not_null where id = 1;
insert into unique_nullable values (1, 'a', 1), (2, null, 2); update unique_nullable set v = 3; delete from unique_nullable where id = 1;
insert into unique_partial values (1, 1); update unique_partial set v = 3; delete from unique_partial;
insert into unique_expression values ('A', 1); update unique_expression set v = 3;
insert into unique_including values (2, 'y', 1); update unique_including set v = 3 where id = 1; delete from unique_including where id = 2;
insert into two_uniques values (4, 5, 6); update two_uniques set v = 3 where b = 1; update two_uniques set a = 7 where b = 4; delete from two_uniques where b = 1;
insert into changing values (2, 'two', 2);
-- @wait
alter table changing drop constraint changing_pkey; alter table changing add primary key (code, id);
insert into changing values (3, 'three', 3); update changing set v = 0 where id = 1; update changing set code = 'TWO' where id = 2; delete from changing where id = 3;
-- @wait
alter table changing drop constraint changing_pkey;
insert into changing values (4, 'four', 4);
-- @wait
alter table changing add constraint by_code unique (code);
insert into changing values (5, 'five', 5);
