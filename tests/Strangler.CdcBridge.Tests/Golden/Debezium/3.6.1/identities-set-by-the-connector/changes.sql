update a set v = 'x'; delete from a; update b set v = 'x'; update b set code = 'd'; delete from b; update c set v = 'x'; delete from c;
