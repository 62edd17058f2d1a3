create table key_made (a integer not null, k integer generated always as (a + 1) stored primary key, v text);
insert into key_made values (1, default, 'one');
