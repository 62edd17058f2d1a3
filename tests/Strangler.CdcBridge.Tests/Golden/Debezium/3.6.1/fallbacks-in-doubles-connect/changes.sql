delete from numbers; delete from texts; delete from times; delete from others;
