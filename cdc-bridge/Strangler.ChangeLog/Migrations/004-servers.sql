alter table log.trust add server text, add appender bigint;
comment on column log.trust.server is
    'When the source''s server had started that was last found to have the log''s history. '
    'Null: nothing is answered.';
comment on column log.trust.appender is 'The appender that found it: rises with each.';
