create table narrow (id integer primary key, seen text, hidden text, must text not null default 'm');
create table rows (id integer primary key, area text, v integer); alter table rows replica identity full;
create table inserts (id integer primary key, v text);
create table unlisted (id integer primary key, v text);
insert into narrow values (1, 's', 'h', 'm'); insert into rows values (1, 'in', 1), (2, 'out', 2); insert into inserts values (1, 'one'); insert into unlisted values (1, 'one');
create publication publication_lists_and_filters for table narrow (id, seen), rows where (area = 'in'), inserts;
