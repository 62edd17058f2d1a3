create table a (id integer primary key, v text); insert into a values (1, 'one');
