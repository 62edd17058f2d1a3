insert into by_lsn values ('0/2', 2);
update by_lsn set v = 3 where at = '0/1';
update by_lsn set at = '0/3' where at = '0/2';
delete from by_lsn where at = '0/1';
insert into by_both values (2, '0/2', 2);
update by_both set v = 3 where id = 1;
update by_both set at = '0/3' where id = 2;
update by_both set id = 5 where id = 1;
delete from by_both where id = 5;
