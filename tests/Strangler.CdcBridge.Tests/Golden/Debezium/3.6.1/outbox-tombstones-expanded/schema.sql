create table outbox (id integer primary key, aggregatetype text not null, aggregateid text, type text not null, payload text);
