alter table log.transaction add digest bytea;
comment on column log.transaction.digest is
    'What the transaction changed, as it was sent. Null: stored before there were digests.';

create table log.trust (source text primary key, epoch int not null);
comment on table log.trust is
    'Read with every look-up, so it is no column of log.source, whose row changes with every append.';
comment on column log.trust.epoch is
    'Positions of earlier epochs are not answered from: the source may have another history.';
