insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 1, 'a', '{"list": [1, 2, 3], "floats": [1.5, 2.5], "strings": ["a", "b"], "flags": [true, false]}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 2, 'a', '{"objects": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 3, 'a', '{"objects": [{"a": 1}, {"b": "x"}, {"a": 2, "c": null}]}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 4, 'a', '{"empty": [], "after": 1}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 5, 'a', '{"strings": ["a", null, "b"]}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 6, 'a', '{"nulls": [null, null]}');
insert into outbox (aggregatetype, aggregateid, type, payload) values ('doc', 7, 'a', '{"nested": [[1], [2, 3]]}'), ('doc', 8, 'a', '{"mixed": [1, "a", true]}'), ('doc', 9, 'a', '[1, "a"]'), ('doc', 10, 'a', '{"widening": [1, 2.5, 9007199254740993]}'), ('doc', 11, 'a', '{"a":1} trailing'), ('doc', 12, 'a', '{"widening": [1, 9007199254740993]}');
