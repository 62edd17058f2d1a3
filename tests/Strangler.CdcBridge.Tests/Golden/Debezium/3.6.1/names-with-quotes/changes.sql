insert into "a""b" values (2, 'x', 'y', 'z'); delete from "a""b" where id = 1; insert into "s""q"."it's" values (2, 'two'); update "s""q"."it's" set "k""" = 3 where v = 'one';
