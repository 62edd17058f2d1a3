insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d61', 'order', 'o-1', 'Placed', '{"id": "o-1", "total": 10.50, "n": null, "lines": [{"sku": "s1", "qty": 1}, {"sku": "s2", "qty": 2}], "tags": ["a", "b"]}', 't1', 3, 1700000000000, true, 12.5, '2024-02-29 12:00:00.5Z', 2, '{"k": [1]}', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6e', '2024-02-29', '\x01ff');
insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d62', 'Customer', 'c é "9"', 'Renamed', null, null, 4, 1700000000001, null, null, null, 0, null, null, null, null);
insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d63', 'order', '17', 'Paid', '"just text"', 'tenant ü', 5, 1700000000002, false, -1, '1969-12-31 23:59:59Z', 1, '"x"', null, null, '');
insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d64', 'order', '', 'Paid', '[1, 2.5, 3]', '123', 6, 1700000000003, false, 0, '2024-01-01Z', 3, '[]', null, null, null);
insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d65', 'a_b-c', 'x', 'Odd', '{}', '{"a": 1}', 7, 1700000000004, true, 1.10, '2024-01-01Z', 4, 'null', null, null, null);
insert into outbox values ('6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d66', 'order', 'true', 'Num', '42', 'null', 7, 1700000000005, true, 1.10, '2024-01-01Z', 4, '1', null, null, null);
update outbox set tenant = 'updated' where aggregateid = 'x'; delete from outbox;
