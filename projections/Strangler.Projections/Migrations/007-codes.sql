-- The version covers both, but doesn't tell which of the two differs from a reader's.
alter table projections.build add code text, add cultures text;
comment on column projections.build.code is
    'The hash of the code alone; null: the program that began the build did not note it.';
comment on column projections.build.cultures is
    'Where the process that began the build had the data of cultures from.';
