alter table log.transaction add previous pg_lsn;
comment on column log.transaction.previous is
    'The commit of the source''s transaction that stands before it in the log, as its appender knew it. '
    'Null: the first of an epoch, a reading, or stored before transactions named it.';
