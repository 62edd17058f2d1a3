insert into a values (2, 'two'); update a set v = 'x' where id = 1;
