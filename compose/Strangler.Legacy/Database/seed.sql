-- The same data for the same @items and @now. Shares are taken by remainders of primes, so that the cases mix.
insert into site values ('de', 1, 'Germany', null), ('at', 2, 'Austria', true), ('ch', 3, 'Switzerland', null), ('fr', 4, 'France', true), ('nl', 5, 'Netherlands', false);

insert into area values
    ('DE-N', 'north', 'de', 'Germany, north'), ('DE-S', 'south', 'de', 'Germany, south'), ('DE-W', 'west', 'de', 'Germany, west'),
    ('AT-E', 'east', 'at', 'Austria, east'), ('AT-W', 'south', 'at', 'Austria, west'), ('CH', 'south', 'ch', 'Zürich and around'),
    ('FR-N', 'west', 'fr', 'France, north'), ('FR-S', 'south', 'fr', 'France, south'), ('NL', 'north', 'nl', 'Netherlands');

insert into unit_conversion values ('EA', 1), ('PACK', 6), ('CASE', 12), ('LAYER', 60), ('PALLET', 480);

insert into calendar_day
select code, (@now at time zone 'UTC')::date + (n * 5 + old_no), 'holiday ' || n from site, generate_series(0, 11) n;

insert into item_group
select 'G' || lpad(g::text, 2, '0'), 'Group ' || g from generate_series(0, 39) g;

insert into site_eligibility (group_code, site_code, allowed, from_on, to_on)
select 'G' || lpad(g::text, 2, '0'), site.code, (g + old_no) % 7 <> 0,
       case when (g + old_no) % 5 = 1 then (@now at time zone 'UTC')::date - 10 + (g % 4) * 5 end,
       case when (g + old_no) % 4 = 2 then (@now at time zone 'UTC')::date - 2 + g % 9 end
from generate_series(0, 39) g, site where (g * 3 + old_no) % 4 <> 0;

insert into old_sell_permission (group_code, site_no, allowed)
select 'G' || lpad(g::text, 2, '0'), case when g % 3 <> 0 then g % 5 + 1 end, case when g % 6 = 1 then 'N' else 'Y' end from generate_series(0, 39) g
union all
select 'G' || lpad(g::text, 2, '0'), null, case when g / 2 % 3 = 1 then 'N' else 'Y' end from generate_series(0, 39, 2) g;

insert into warehouse
select w, case when w % 5 <> 0 then 100 + w end, 'Warehouse ' || w, (array['DE-N', 'DE-S', 'DE-W', 'AT-E', 'CH', 'FR-N', 'FR-S', 'NL'])[w % 8 + 1],
       (case when w % 9 = 8 then 'closed' when w % 7 = 6 then 'moving' else 'open' end)::warehouse_state,
       case when w % 7 = 6 then (@now at time zone 'UTC')::date - 1 + w % 4 end
from generate_series(1, 16) w;

insert into warehouse_area
select w, code, case when (w + length(name)) % 6 = 0 then false when (w + length(name)) % 4 = 0 then null else true end, 1 + (w + length(name)) % 5
from generate_series(1, 16) w, area where (w * 5 + ascii(region) + ascii(right(code, 1))) % 3 <> 0;

insert into warehouse_site (warehouse_id, site_code)
select w, null from generate_series(1, 16) w where w % 4 = 0
union all
select w, code from generate_series(1, 16) w, site where w % 4 <> 0 and (w + old_no) % 3 <> 0;

insert into store
select s, 'Store ' || s, (array['DE-N', 'DE-S', 'DE-W', 'AT-E', 'AT-W', 'CH', 'FR-N', 'FR-S'])[s % 8 + 1], case s % 5 when 0 then null when 1 then false else true end,
       case when s % 11 = 3 then (@now at time zone 'UTC')::date + s % 6 - 2 end
from generate_series(1, 48) s;

insert into merchant
select 'm' || lpad(m::text, 3, '0'), 'Merchant ' || m, m % 13 = 5, case when m % 3 <> 0 then 30 + m * 17 % 600 end, @now - make_interval(mins => m * 7)
from generate_series(1, 60) m;

insert into item
select lpad(i::text, 6, '0'), 'Item ' || i || case when i % 10 = 0 then ' “größer”' else '' end, case when i % 101 = 7 then 'D' when i % 29 = 11 then 'P' else 'A' end,
       case when i % 8 = 3 then 'PACK' else 'EA' end, (i % 900 + 1) + (i * 37 % 100) / 100.0, case when i % 4 <> 0 then (i % 700) / 8.0 end,
       case when i % 29 = 11 then (@now at time zone 'UTC')::date + i % 9 - 3 end, @now - make_interval(days => i % 1000, secs => i % 86400),
       case when i % 20 = 0 then (select string_agg(md5((i * 1000 + n)::text), ' ') from generate_series(1, 180) n) when i % 3 <> 0 then 'About item ' || i || '.' end
from generate_series(1, @items) i;

insert into item_group_member
select 'G' || lpad((i * 7 % 40)::text, 2, '0'), lpad(i::text, 6, '0') from generate_series(1, @items) i where i % 19 <> 4
union all
select 'G' || lpad(((i * 7 + 13) % 40)::text, 2, '0'), lpad(i::text, 6, '0') from generate_series(1, @items) i where i % 6 = 5;

insert into old_item
select 'SKU-' || lpad(i::text, 6, '0'), case when i % 3 <> 1 then 4 + i % 20 end from generate_series(1, @items) i where i % 2 = 0 or i % 7 = 0;

insert into warehouse_stock
select (i * 5 + k * 7) % 16 + 1, lpad(i::text, 6, '0'), case when (i + k) % 9 <> 2 then (i * 31 + k * 17) % 120 end, case when (i + k) % 4 = 1 then (i + k) % 6 end, @now - make_interval(mins => (i + k) % 5000)
from generate_series(1, @items) i, generate_series(0, 2) k where (i + k) % 5 <> 0;

insert into old_stock (item_code, depot_no, cases)
select 'SKU-' || lpad(i::text, 6, '0'), 101 + (i * 5 + k * 7) % 16, ((i * 13 + k) % 500) / 20.0
from generate_series(1, @items) i, generate_series(0, 3) k where (i + k) % 4 = 1;

insert into reservation
select md5('reservation ' || i || ' ' || k)::uuid, lpad(i::text, 6, '0'), (i * 5 + k * 7) % 16 + 1, 1 + i % 5, (case when i % 11 = 3 then 'cancelled' when i % 13 = 5 then 'picked' else 'active' end)::reservation_state,
       @now + make_interval(mins => (i * 17 + k * 90) % 3000 - 500)
from generate_series(1, @items) i, generate_series(0, 1) k where (i + k) % 4 = 2;

insert into old_reservation (item_code, depot_no, pieces, until_on)
select 'SKU-' || lpad(i::text, 6, '0'), case when i % 4 <> 0 then 101 + i * 5 % 16 end, 1 + i % 7, case when i % 3 <> 0 then (@now at time zone 'UTC')::date + i % 7 - 3 end
from generate_series(1, @items) i where i % 9 in (1, 4);

insert into store_floor
select (i * 11 + k * 5) % 48 + 1, lpad(i::text, 6, '0'), (i + k * 3) % 9 from generate_series(1, @items) i, generate_series(0, 2) k where (i + k) % 3 <> 0;

insert into store_backroom (store_id, item_code, packs)
select (i * 11 + k * 5) % 48 + 1, 'SKU-' || lpad(i::text, 6, '0'), case when (i + k) % 8 <> 5 then (i + k) % 7 end from generate_series(1, @items) i, generate_series(0, 3) k where (i + k) % 5 = 1;

insert into offer
select i * 10 + k, 'm' || lpad(((i * 3 + k * 7) % 60 + 1)::text, 3, '0'), lpad(i::text, 6, '0'), case when (i + k) % 4 = 0 then (array['de', 'at', 'ch', 'fr'])[(i + k) / 4 % 4 + 1] end,
       (i * 3 + k) % 25, (i % 900 + 1) + ((i * 3 + k * 29) % 300) / 100.0, (i + k) % 17 <> 3, @now - make_interval(mins => (i * 7 + k * 61) % 900)
from generate_series(1, @items) i, generate_series(0, 1) k where (i + k) % 3 <> 2;

insert into sales_cap (sku, group_code, area_code, max_quantity, from_at, to_at)
select lpad(i::text, 6, '0'), null, case when i % 3 = 0 then (array['DE-N', 'DE-S', 'AT-E', 'CH', 'FR-S'])[i % 5 + 1] end, i % 40 + 1, @now - make_interval(hours => i % 90 - 20),
       case when i % 4 <> 0 then @now + make_interval(hours => i * 7 % 100 - 10) end
from generate_series(1, @items) i where i % 10 = 1
union all
select null, 'G' || lpad(g::text, 2, '0'), case when g % 2 = 0 then 'DE-S' end, 20 + g, @now - make_interval(hours => g), @now + make_interval(hours => g * 3 - 10)
from generate_series(0, 39, 5) g;

insert into back_order (sku, state, expected_on, quantity)
select lpad(i::text, 6, '0'), case when i % 14 = 3 then 'X' when i % 15 = 2 then 'R' else 'O' end, (@now at time zone 'UTC')::date + (i + k * 5) % 20 - 4, 10 + i % 90
from generate_series(1, @items) i, generate_series(0, 1) k where (i + k) % 6 = 3;

analyze;
