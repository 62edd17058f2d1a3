create table numerics (id integer primary key, n numeric, wide numeric(40,10), whole numeric(12), neg numeric(5,-2), small numeric(3,5), required numeric(8,3) not null default 0);
create table floats (id integer primary key, r real, d double precision, m money);
insert into numerics values (1, 1234567890123456789012345678901234567890, 123456789012345678901234567890.0123456789, 999999999999, 1234567, 0.00123, 1.5);
insert into numerics values (2, 1e-20, -1e-10, -1, -1234549, -0.00001, -1.5), (3, 0, 0, 0, 0, 0, 0), (4, 'NaN', 'NaN', 'NaN', 'NaN', 'NaN', 'NaN'), (5, 'Infinity', null, null, null, null, 1), (6, '-Infinity', null, null, null, null, 1);
insert into floats values (1, 'NaN', 'NaN', 0.005), (2, 'Infinity', '-Infinity', -92233720368547758.08), (3, '-0', '-0', 1), (4, 1e-45, 5e-324, 0.01), (5, 3.4028235e38, 1.7976931348623157e308, 1e6), (6, 0.1, 0.1, null), (7, 16777217, 9007199254740993, null), (8, 1e7, 1e21, null), (9, 123456.7, 1e-3, null), (10, 9999999, 0.00099, null);
