insert into feelings values ('ok', 3);
-- @wait
alter type mood add value 'happy';
insert into feelings values ('happy', 4, 'happy');
-- @wait
alter type mood add value 'low' before 'ok';
insert into feelings values ('low', 5, 'low');
-- @wait
alter type mood rename value 'sad' to 'very sad';
insert into feelings values ('very sad', 6, 'very sad');
update feelings set v = 'happy' where n = 1;
update feelings set m = 'low' where n = 3;
delete from feelings where n = 4;
-- @wait
alter type size add value 'L' after 'M';
insert into sizes values (2, 'L', '{L}', null);
-- @wait
alter table sizes alter column s set default 'L';
insert into sizes (id) values (3); insert into sizes (id, many) values (5, '{S,NULL}'), (6, '{NULL}');
-- @wait
alter table sizes add column t size default 'S';
insert into sizes values (4, 'M', '{}', 'x', 'L'); delete from sizes where id = 1;
