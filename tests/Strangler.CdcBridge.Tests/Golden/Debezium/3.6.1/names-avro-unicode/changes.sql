insert into "Büro"."Größe" values (2, 'w', 'j', 'U', 's', 'm', 'd', 'f', 'x', 'sel', 'tab'); update "Büro"."Größe" set "Schlüssel" = 3 where "Schlüssel" = 1; delete from "Büro"."Größe" where "Schlüssel" = 2;
insert into "my schema"."my table" values (2, 'c d', 'w'); update "my schema"."my table" set v = 'x'; delete from "my schema"."my table" where "my id" = 1;
insert into "UPPER"."CamelCase" values (2, 'c', 's'); update "UPPER"."CamelCase" set "camelCase" = 'd'; insert into "table" values (2, null); delete from "table" where "from" = 1;
update "semi;colon" set "c:d" = 'x'; insert into "emoji😀" values (2, 'f'); delete from "emoji😀" where id = 1;
update plain_with_a_very_long_name_of_sixty_three_bytes_0123456789abcdef set column_with_a_very_long_name_of_sixty_three_bytes_0123456789abcd = 'x';
