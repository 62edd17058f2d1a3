create table a (id integer primary key, v text);
create table b (id integer primary key, v text);
create table c (id integer primary key, v text);
create table empty (id integer primary key, v text);
insert into a values (1, 'one'), (2, 'two');
insert into b values (1, 'one'), (2, 'two'), (3, 'three');
insert into c values (1, 'one');
analyze;
