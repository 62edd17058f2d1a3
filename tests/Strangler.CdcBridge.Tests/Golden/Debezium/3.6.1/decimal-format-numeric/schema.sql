create table a (n numeric(8,3) primary key, m numeric(40,2), o numeric, p money); insert into a values (1.5, 100, 100, 1);
