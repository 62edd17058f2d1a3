insert into one.a values (2, 'y'); insert into one.b values (2, 'y'); insert into two.a values (2, 'y'); insert into c values (2, 'y');
create table one.late (id integer primary key, v text)\; insert into one.late values (1, 'late');
