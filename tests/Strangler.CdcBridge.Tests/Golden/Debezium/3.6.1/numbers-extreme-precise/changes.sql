insert into numerics values (11, 1234567890123456789012345678901234567890, 123456789012345678901234567890.0123456789, 999999999999, 1234567, 0.00123, 1.5);
insert into numerics values (12, 1e-20, -1e-10, -1, -1234549, -0.00001, -1.5), (13, 0, 0, 0, 0, 0, 0), (17, 100, 100, 100, 100, null, 100), (18, 1.500, 1.5, null, null, null, 1), (19, 1e30, -0.0, null, null, null, 1);
-- @wait
insert into numerics (id, n) values (14, 'NaN'), (15, 'Infinity'), (16, '-Infinity'); insert into numerics (id, wide) values (24, 'NaN'); 
-- @wait
insert into numerics (id, required) values (25, 'NaN');
-- @wait
insert into floats values (11, 'NaN', 'NaN', 0.005), (12, 'Infinity', '-Infinity', -92233720368547758.08), (13, '-0', '-0', 1), (14, 1e-45, 5e-324, 0.01), (15, 3.4028235e38, 1.7976931348623157e308, 1e6), (16, 0.1, 0.1, null), (17, 16777217, 9007199254740993, null), (18, 1e7, 1e21, null), (19, 123456.7, 1e-3, null), (20, 9999999, 0.00099, null);
delete from numerics where id = 1;
