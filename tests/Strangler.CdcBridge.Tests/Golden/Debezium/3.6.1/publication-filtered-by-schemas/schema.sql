create schema one; create schema two; create table one.a (id integer primary key, v text); create table one.b (id integer primary key, v text); create table two.a (id integer primary key, v text); create table c (id integer primary key, v text);
insert into one.a values (1, 'x'); insert into one.b values (1, 'x'); insert into two.a values (1, 'x'); insert into c values (1, 'x');
