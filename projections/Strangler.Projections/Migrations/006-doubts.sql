alter table projections.source_table add doubt text;
comment on column projections.source_table.doubt is
    'Why a table that is in doubt stays so until something is mended; null: it is about to be read.';
