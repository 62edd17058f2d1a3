insert into numbers (id) values (3); insert into texts (id, usr) values (3, 'me'); insert into binaries (id) values (3); insert into arrays (id) values (3); insert into shapes (id) values (3);
insert into numbers values (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
insert into texts values (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
insert into binaries values (4, null, null, null, null, null, null); insert into arrays values (4, null, null, null, null, null, null); insert into shapes values (4, null, null, null);
insert into times values (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
insert into required values (6, 8, 'y', 2, false, '2025-01-01', '2025-01-01', '2025-01-01 00:00:00Z', 'sad', '', '[]', '6f1c2c1e-5b1d-4a3b-8c5e-1f2a3b4c5d6e', null);
delete from required; delete from numbers where id = 1; delete from texts where id = 1;
