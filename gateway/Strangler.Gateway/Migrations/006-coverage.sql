-- Of a scope's sampled requests: how often they named a key (named), how often one that has matched (covered), and
-- how many keys were named once. A key beyond the limit of distinguished keys counts as named once each time.
alter table gateway.evidence_scope
    add column named bigint not null default 0,
    add column covered bigint not null default 0,
    add column keys_once bigint not null default 0;
update gateway.evidence_scope s
set named = k.named, covered = k.covered, keys_once = k.once
from (
    select scope,
        sum(sampled)::bigint as named,
        coalesce(sum(sampled) filter (where matched > 0), 0)::bigint as covered,
        count(*) filter (where sampled = 1) as once
    from gateway.evidence_key
    group by scope
) k
where k.scope = s.id;
