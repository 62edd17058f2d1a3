create table outbox (event_no bigint primary key, kind varchar(20), subject integer, body json, region text, created timestamptz);
