insert into outbox (aggregatetype, aggregateid, type, payload) values
  ('doc', 1, 'a', '{"n": null, "s": "x", "i": 1, "l": 9007199254740993, "d": 1.5, "b": true, "o": {"n": null, "z": 1}, "e": {}}'),
  ('doc', 3, 'c', '{"exp": 1e3, "neg": -0.0, "int": 2147483648, "esc": "a\"b\\c\n\u00e9\u2028</x>"}'),
  ('doc', 7, 'g', 'true'), ('doc', 8, 'h', 'null'),
  ('doc', 10, 'j', '  {"a" : 1 }  '), ('doc', 11, 'k', ''), ('doc', 12, 'l', null), ('doc', 13, 'm', 'plain text'), ('doc', 14, 'n', '{"dup": 1, "dup": 2}'), ('doc', 15, 'o', '{"Weird Name-1": 1, "a.b": 2}'), ('doc', 16, 'p', '"text"'), ('doc', 17, 'q', '12.5'), ('doc', 18, 'r', '{broken');
