update texts set v = 2; update arrays set v = 2; update required set v = 2;
update texts set id = 5; update arrays set id = 5; update required set id = 5;
update texts set t = 'now short' where id = 5; delete from required;
