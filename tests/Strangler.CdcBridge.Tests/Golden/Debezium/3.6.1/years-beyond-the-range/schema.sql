create table far (id integer primary key, d date, ts timestamp, z timestamptz);
insert into far values (1, '5874897-12-31', null, null), (2, null, '294276-12-31 23:59:59.999999', null), (3, null, null, '294276-12-31 23:59:59.999999+00');
