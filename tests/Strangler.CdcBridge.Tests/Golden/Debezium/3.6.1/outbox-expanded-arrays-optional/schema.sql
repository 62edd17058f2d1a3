create table outbox (id bigserial primary key, aggregatetype varchar(40) not null, aggregateid bigint not null, type varchar(40) not null, payload text);
