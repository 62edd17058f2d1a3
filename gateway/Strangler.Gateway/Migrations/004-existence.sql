-- A match in which neither side knows the key proves little, so it is distinguished from one with a document. Bit
-- 4 of a version's ended means that it had a document when it matched.
alter table gateway.evidence_scope
    add column keys_existing bigint not null default 0,
    add column versions_existing bigint not null default 0;
alter table gateway.evidence_key add column existing bigint not null default 0;
