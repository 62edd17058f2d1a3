insert into a values (4, 'four'); insert into empty values (1, 'first');
