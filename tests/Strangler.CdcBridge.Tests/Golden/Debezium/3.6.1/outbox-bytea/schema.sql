create table outbox (id uuid primary key, aggregatetype text not null, aggregateid text not null, type text not null, payload bytea);
