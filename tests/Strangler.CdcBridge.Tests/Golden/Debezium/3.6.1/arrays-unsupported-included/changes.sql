insert into odd values (2, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 'empty'); insert into odd (id) values (3); delete from odd where id = 1;
