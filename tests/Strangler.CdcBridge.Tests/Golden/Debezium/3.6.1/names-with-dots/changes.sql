insert into "a.b" values (2, 'two'); update "a.b" set v = 'x' where id = 1; insert into "x.y".z values (2, 'two'); delete from "x.y".z where id = 1;
