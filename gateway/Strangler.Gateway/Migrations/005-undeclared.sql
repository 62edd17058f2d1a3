-- When each request last matched in a quiet bracket, by a hash of the request, the unit and the version of its rows.
-- If the same is wrong later, something has changed that nobody declared; the first such finding of a scope is kept.
create table gateway.evidence_answer (
    scope bigint not null references gateway.evidence_scope,
    hash bigint not null,
    matched_at timestamptz not null,
    primary key (scope, hash)
);
create index evidence_answer_matched on gateway.evidence_answer (matched_at);
alter table gateway.evidence_scope add column answers bigint not null default 0;
create table gateway.evidence_undeclared (
    scope bigint primary key references gateway.evidence_scope,
    key text,
    request text not null,
    matched_at timestamptz not null,
    wrong_at timestamptz not null
);
