-- Due times are by the clock that the function received. Readers' clocks may differ.
alter table projections.checkpoint add clock_ahead double precision;
comment on column projections.checkpoint.clock_ahead is
    'How far the projections'' clock is ahead of the store''s, in seconds, '
    'when the checkpoint was last moved.';
