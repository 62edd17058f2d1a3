insert into t (v) values ('y');
