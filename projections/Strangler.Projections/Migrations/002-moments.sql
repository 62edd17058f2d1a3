-- In a store that was created earlier, nothing is known about the time before this migration ran.
alter table projections.checkpoint add epoch_at timestamptz;
update projections.checkpoint set epoch_at = at;
comment on column projections.checkpoint.epoch_at is
    'The source''s clock when the first batch of the epoch had been applied: '
    'what began before may be of another history.';

alter table projections.source_table add settled_epoch int, add settled_commit pg_lsn;
update projections.source_table t set settled_epoch = c.epoch, settled_commit = c.commit
from projections.checkpoint c
where c.source = t.source and c.at is not null;
comment on column projections.source_table.settled_commit is
    'With settled_epoch: where the table was last found in doubt or read completely; null: not yet.';
