select pg_logical_emit_message(true, 'one', 'text é'), pg_logical_emit_message(true, 'two', '\x00ff'::bytea), pg_logical_emit_message(true, 'one.more', ''); select pg_logical_emit_message(false, 'One', 'case'), pg_logical_emit_message(false, '', 'no prefix');
begin; insert into a values (1, 'x'); select pg_logical_emit_message(true, 'three', 'x'); insert into a values (2, 'y'); commit;
