insert into narrow values (2, 's2', 'h2', 'm2'); update narrow set hidden = 'x' where id = 1; update narrow set seen = 'y' where id = 1; delete from narrow where id = 2;
insert into rows values (3, 'in', 3), (4, 'out', 4); update rows set area = 'out' where id = 1; update rows set area = 'in' where id = 2; update rows set v = 33 where id = 3; update rows set v = 44 where id = 4; delete from rows where id = 3; delete from rows where id = 4;
insert into unlisted values (2, 'two');
insert into inserts values (2, 'two');
-- @wait
alter publication publication_lists_and_filters add table unlisted; insert into unlisted values (3, 'three');
-- @wait
alter publication publication_lists_and_filters set (publish = 'insert'); insert into inserts values (3, 'three'); update inserts set v = 'x' where id = 1; delete from inserts where id = 2;
