insert into a values (4, 'four'); insert into empty values (1, 'first'); update a set v = 'x' where id = 1;
select pg_logical_emit_message(true, 'p', 'x');
