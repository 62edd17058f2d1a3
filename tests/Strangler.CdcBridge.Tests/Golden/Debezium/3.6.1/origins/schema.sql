create table a (id integer primary key, v text); insert into a values (1, 'one');
select pg_replication_origin_create('elsewhere') where not exists (select from pg_replication_origin where roname = 'elsewhere');
