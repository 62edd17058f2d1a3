alter table log.source add catalogue_seen pg_lsn;
comment on column log.source.catalogue_seen is
    'The source''s insert LSN, in the end''s epoch, '
    'before its catalogue was last found to be what the log says of it.';

alter table log.segment add newest_xid xid8;
update log.segment g set newest_xid = (
    select t.xid from log.transaction t where t.segment = g.segment order by t.xid desc limit 1
);
comment on column log.segment.newest_xid is
    'The greatest id of a transaction of the segment: '
    'a snapshot that sees all up to it sees the whole segment.';

create index transaction_xid on log.transaction (xid) include (epoch, "commit");
