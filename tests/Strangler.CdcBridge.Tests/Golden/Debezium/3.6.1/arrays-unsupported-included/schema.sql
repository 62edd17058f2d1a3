create extension hstore;
create table odd (id integer primary key, m money[], iv interval[], vb varbit(9)[], x xml[], p point[], n name[], h hstore[], tv tsvector[], after text);
insert into odd values (1, '{1.5}', '{1 day}', '{101}', '{<a/>}', '{"(1,2)"}', '{abc}', '{"a=>1"}', '{"a fat cat"}', 'text');
