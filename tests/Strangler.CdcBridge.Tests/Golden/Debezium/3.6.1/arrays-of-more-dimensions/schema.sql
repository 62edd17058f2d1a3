create table nested (id integer primary key, i integer[][], t text[], n numeric(5,2)[], lower integer[]);
insert into nested values (1, '{1,2}', '{a}', '{1.5}', '{1}');
