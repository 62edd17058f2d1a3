insert into a values (-0.001, 12345678901234567890.5, 1e10, -1.5), (100, 0, null, null);
