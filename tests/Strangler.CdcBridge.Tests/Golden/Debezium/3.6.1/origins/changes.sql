insert into a values (2, 'here');
select pg_replication_origin_session_setup('elsewhere'); begin; select pg_replication_origin_xact_setup('0/1234', '2024-01-01 00:00Z'); insert into a values (3, 'there'), (4, 'there'); commit; select pg_replication_origin_session_reset();
insert into a values (5, 'here again');
