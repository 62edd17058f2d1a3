alter table gateway.route
    drop constraint route_stage_check,
    add constraint route_stage_check check (stage in ('legacy', 'shadow', 'lookup'));
