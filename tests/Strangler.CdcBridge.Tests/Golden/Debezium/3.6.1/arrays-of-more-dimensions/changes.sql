insert into nested values (2, '{{1,2},{3,4}}', null, null, null);
insert into nested values (4, null, null, '{{1.5},{2.5}}', '[0:1]={7,8}');
insert into nested values (5, '{9}', '{z}', '{3}', null);
