create table item (id integer primary key, v text); insert into item values (1, 'one');
