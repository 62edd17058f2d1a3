insert into ids (v) values ('two'); insert into always (v) values ('two'); insert into made (id, a, v) values (2, 5, 'v'); update made set a = 6 where id = 2; delete from made where id = 1;
insert into drawn (v, u) values ('two', null); delete from ids where v = 'one'; update always set v = 'TWO' where id = 2;
insert into ids values (7, 8, 9, null);
