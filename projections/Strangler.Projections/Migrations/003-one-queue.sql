-- No key ever got another priority. And with two indexes that begin with the build, a look-up's plan could choose
-- the one that has to be read completely.
drop index projections.dirty_order;
alter table projections.dirty drop column priority;
