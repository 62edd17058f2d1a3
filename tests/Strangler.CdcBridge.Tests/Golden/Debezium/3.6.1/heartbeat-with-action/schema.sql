create table a (id integer primary key, v text); create table beat (id integer primary key); insert into a values (1, 'one');
