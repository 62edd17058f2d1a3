alter table projections.document
    add ask_legacy text,
    add constraint document_ask_legacy check (ask_legacy is null or bytes is null) not valid;
comment on column projections.document.ask_legacy is
    'Why the function says that legacy must be asked for this key; null: it knows the answer, '
    'which is bytes, or that the key is absent.';
