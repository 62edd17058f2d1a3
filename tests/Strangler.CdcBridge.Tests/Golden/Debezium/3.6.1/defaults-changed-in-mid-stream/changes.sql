insert into item values (2, 'two');
-- @wait
alter table item add column n integer not null default 5; insert into item values (3, 'three', 3);
-- @wait
alter table item alter column n set default 6; insert into item values (4, 'four');
-- @wait
alter table item add column d date default '2024-01-01'; insert into item values (5, 'five', 5, null);
-- @wait
alter table item alter column v set default 'vee'; insert into item values (6, null, 6, null);
-- @wait
alter table item alter column n drop not null; alter table item alter column n drop default; insert into item values (7, null, null, null);
-- @wait
alter table item add column big text, alter column id type bigint; insert into item values (8, null, null, null, null);
