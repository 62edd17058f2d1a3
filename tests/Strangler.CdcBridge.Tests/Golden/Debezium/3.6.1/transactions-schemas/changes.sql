begin; insert into a values (2, 'two'); savepoint s; insert into b values (1, 'gone'); insert into a values (3, 'gone'); rollback to s; insert into b values (2, 'kept'); savepoint t; insert into c values (1, 'kept'); release t; update a set id = 20 where id = 2; delete from a where id = 1; commit;
begin; insert into hidden values (1); commit;
begin; truncate b, c; insert into b values (5, 'after'); select pg_logical_emit_message(true, 'p', 'inside'); commit;
begin; insert into a values (100, 'never'); rollback;
begin; commit;
begin; insert into a values (7, 'x'); delete from a where id = 7; commit;
select pg_logical_emit_message(false, 'p', 'alone'); select pg_logical_emit_message(true, 'p', 'own transaction');
