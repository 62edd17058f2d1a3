insert into priced values (3, -1.5, 2, 1e10, -4.5), (4, null, 7, 0, null);
insert into texts values ('b', '', 'V', '[]', '', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6f'), ('c', null, null, null, null, '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d60');
insert into times values (2, 'infinity', '-infinity', 'infinity', '24:00:00'); insert into times (id) values (3);
insert into others values (2, false, B'00000', '{}', '{}', '{}', '{}'), (3, null, null, null, null, null, null);
update priced set p = 9 where id = 1; delete from texts where id = 'a'; delete from priced where id = 2;
