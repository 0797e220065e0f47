-- Rank the whole portfolio of a workspace and write the classes that differ, their history and events.
--
-- Parameters  $1 workspace, $2 terms: the day and the thresholds (services.segmenter.terms), $3 whether to write rank
--             numbers where no class changed: one sale moves the rank of thousands, but the class of few; $4 how many
--             changed classes to write at most: their events stand in one queue with what happens meanwhile.
-- Reads       customer_metrics.
-- Writes      customer_scores, score_history, outbox.
-- Returns     one row: population; the customers whose new classes were written; whether there are more of them.
-- Repeatable  A second run finds nothing different, so it writes nothing. One run at a time per workspace.
--
-- Amounts are whole minor units, so no share flips on a limit. Only revenue and margin are sorted. Every other class is
-- a comparison with the customers that stand at its limits, which are found by counting how often each value occurs.
with terms as materialized (
    select *, power(10::numeric, minor_units) as scale
      from jsonb_to_record($2) as t (
           today date, now timestamptz, minor_units int, pareto_top int, cum_a int, cum_b int, rank_a int, rank_b int,
           reach_a int, a_least int, a_most int, reach_ab int, b_least int, b_most int, margin_pct int,
           headroom_pct int)
), member as materialized (
    select m.customer_id, tie_break collate "C" as tie, (revenue * scale)::bigint as revenue,
           (margin * scale)::bigint as margin, orders, last_purchase - date '1970-01-01' as recent,
           margin < cost_to_serve as costly, ((inputs ->> 'potential')::numeric * scale)::bigint as potential
      from terms
      join customer_metrics m on m.workspace_id = $1 and m.status in ('active', 'dormant')
), ordered as materialized (
    select *, row_number() over best_first as position,
           (sum(greatest(revenue, 0)) over (best_first rows unbounded preceding))::bigint as reached
      from member
    window best_first as (order by revenue desc, tie)
), limits as materialized (
    -- R3: p % of N customers, rounded up. S2c: as many as reach the shares of revenue, clamped.
    select *, least(greatest((b_least * n + 99) / 100, least(needed_ab - band_a, (b_most * n + 99) / 100)), n - band_a)
              as band_b
      from (select n, total, needed_ab, (pareto_top * n + 99) / 100 as big, (rank_a * n + 99) / 100 as first_a,
                   (rank_b * n + 99) / 100 as first_b, cum_a * total as share_a, cum_b * total as share_b,
                   b_least, b_most,
                   greatest((a_least * n + 99) / 100, least(needed_a, (a_most * n + 99) / 100)) as band_a
              from terms
             cross join (select count(*) as n, coalesce(max(reached), 0) as total from ordered) sums
             cross join lateral (
                   select min(position) filter (where reached * 100 >= reach_a * total) as needed_a,
                          min(position) filter (where reached * 100 >= reach_ab * total) as needed_ab
                     from ordered) needed) band
), margins as materialized (
    select row_number() over best_first as position, margin, tie,
           (sum(margin) over (best_first rows unbounded preceding))::bigint as reached
      from member
     where margin > 0
    window best_first as (order by margin desc, tie)
), margin_limits as materialized (
    -- S2d: the last customer of class A, and the last of class B.
    select max(margin) filter (where position = last_a) as a_margin, max(tie) filter (where position = last_a) as a_tie,
           max(margin) filter (where position = last_b) as b_margin, max(tie) filter (where position = last_b) as b_tie
      from (select max(position) filter (where (reached - margin) * 100 < cum_a * total) as last_a,
                   max(position) filter (where (reached - margin) * 100 < cum_b * total) as last_b
              from terms cross join margins cross join (select max(reached) as total from margins) sums) last
      join margins on position in (last_a, last_b)
), place as materialized (
    -- S3. By rank: a score of more than k is a value above that of the ceil(k N / 5)-th worst customer. By NTILE: from
    -- the customer on that stands first in bucket k + 1, from worst to best, among equals by id.
    select n, k, (k * n + 4) / 5 as place, k * (n / 5) + least(k, n % 5) as tile_place
      from limits cross join generate_series(1, 4) k
), tally as materialized (
    -- Recency and frequency have few values: how many stand strictly worse than each?
    select axis, value, count, sum(count) over (partition by axis order by value) - count as worse
      from (select 'r' as axis, recent as value, count(*) as count from member group by recent
            union all select 'f', orders, count(*) from member group by orders) t
), picked as materialized (
    select position, revenue
      from ordered
     where position = any(array(select n - place + 1 from place union select n - tile_place from place))
), equals as materialized (
    select revenue, min(position) as first, max(position) as last
      from ordered
     where revenue = any(array(select revenue from place join picked on position = n - tile_place))
     group by revenue
), tied as materialized (
    select k, e.revenue, o.tie
      from (select k, equals.revenue, first + tile_place - (n - last) as position
              from place join picked on picked.position = n - tile_place join equals using (revenue)) e
      join ordered o using (position)
), tile as materialized (
    -- By NTILE the limit lies among customers of equal recency or frequency: the one that many before it by reference.
    select place.k, tally.axis, tally.value, tile_place - tally.worse + 1 as nth
      from place join tally on tally.worse <= tile_place and tile_place < tally.worse + tally.count
), equal as materialized (
    select 'r' as axis, recent as value, tie, row_number() over (partition by recent order by tie) as nth
      from member where recent = any(array(select value from tile where axis = 'r'))
    union all
    select 'f', orders, tie, row_number() over (partition by orders order by tie)
      from member where orders = any(array(select value from tile where axis = 'f'))
), fifth as materialized (
    select by_rank.axis, k, by_rank.value + 1 as from_value, tile.value as tile_value, equal.tie as tile_tie
      from place
      join tally by_rank on by_rank.worse < place and place <= by_rank.worse + by_rank.count
      left join tile using (axis, k)
      left join equal on equal.axis = tile.axis and equal.value = tile.value and equal.nth = tile.nth
    union all
    select 'm', k, picked.revenue + 1, tied.revenue, tied.tie
      from place join picked on position = n - place + 1 left join tied using (k)
), axes as materialized (
    select array_agg(from_value order by k) filter (where axis = 'r') as r,
           array_agg(from_value order by k) filter (where axis = 'f') as f,
           array_agg(from_value order by k) filter (where axis = 'm') as m,
           array_agg(tile_value order by k) filter (where axis = 'r') as rv,
           array_agg(tile_value order by k) filter (where axis = 'f') as fv,
           array_agg(tile_value order by k) filter (where axis = 'm') as mv,
           array_agg(tile_tie order by k) filter (where axis = 'r') as rt,
           array_agg(tile_tie order by k) filter (where axis = 'f') as ft,
           array_agg(tile_tie order by k) filter (where axis = 'm') as mt
      from fifth
), classified as (
    select customer_id, position::int as rank,
           case when position <= big and revenue > 0 then 'big' else 'small' end as pareto,
           case when revenue <= 0 or (reached - revenue) * 100 >= share_b then 'C'
                when (reached - revenue) * 100 >= share_a then 'B' else 'A' end as abc_revenue,
           case when revenue <= 0 or position > first_b then 'C'
                when position <= first_a then 'A' else 'B' end as abc_rank,
           case when revenue <= 0 or position > band_a + band_b then 'C'
                when position <= band_a then 'A' else 'B' end as abc_bands,
           case when margin is null then null
                when margin > a_margin or margin = a_margin and tie <= a_tie then 'A'
                when margin > b_margin or margin = b_margin and tie <= b_tie then 'B' else 'C' end as abc_margin,
           1 + width_bucket(recent::bigint, r) as rfm_r, 1 + width_bucket(orders::bigint, f) as rfm_f,
           1 + width_bucket(revenue, m) as rfm_m,
           1 + case when (recent, tie) >= (rv[1], rt[1]) then 1 else 0 end
             + case when (recent, tie) >= (rv[2], rt[2]) then 1 else 0 end
             + case when (recent, tie) >= (rv[3], rt[3]) then 1 else 0 end
             + case when (recent, tie) >= (rv[4], rt[4]) then 1 else 0 end as ntile_r,
           1 + case when (orders, tie) >= (fv[1], ft[1]) then 1 else 0 end
             + case when (orders, tie) >= (fv[2], ft[2]) then 1 else 0 end
             + case when (orders, tie) >= (fv[3], ft[3]) then 1 else 0 end
             + case when (orders, tie) >= (fv[4], ft[4]) then 1 else 0 end as ntile_f,
           1 + case when (revenue, tie) >= (mv[1], mt[1]) then 1 else 0 end
             + case when (revenue, tie) >= (mv[2], mt[2]) then 1 else 0 end
             + case when (revenue, tie) >= (mv[3], mt[3]) then 1 else 0 end
             + case when (revenue, tie) >= (mv[4], mt[4]) then 1 else 0 end as ntile_m,
           costly,
           case when position <= big or revenue <= 0 then '{}'
                else array_remove(array[
                     case when margin * 100 >= margin_pct * revenue then 'margin' end,
                     case when potential > 0 and revenue * 100 <= headroom_pct * potential then 'headroom' end], null)
           end as high_potential_reasons
      from ordered cross join terms cross join limits cross join margin_limits cross join axes
), compared as materialized (
    -- Who left the portfolio has no classes any more: the full join keeps its row, with nulls.
    select customer_id, n.rank, n.pareto, n.abc_revenue, n.abc_rank, n.abc_bands, n.abc_margin, n.rfm_r, n.rfm_f,
           n.rfm_m, n.ntile_r, n.ntile_f, n.ntile_m, n.costly, n.high_potential_reasons, d.reclassified, s as old
      from classified n
      full join (select * from customer_scores where workspace_id = $1) s using (customer_id)
     cross join lateral (
           select (n.pareto, n.abc_revenue, n.abc_rank, n.abc_bands, n.abc_margin, n.rfm_r, n.rfm_f, n.rfm_m,
                   n.ntile_r, n.ntile_f, n.ntile_m, n.high_potential_reasons, n.costly)
                  is distinct from
                  (s.pareto, s.abc_revenue, s.abc_rank, s.abc_bands, s.abc_margin, s.rfm_r, s.rfm_f, s.rfm_m,
                   s.ntile_r, s.ntile_f, s.ntile_m, s.high_potential_reasons, s.costly) as reclassified) d
     where d.reclassified or $3 and n.rank is distinct from s.rank
), chosen as (
    (select * from compared where reclassified limit $4)
    union all
    select * from compared where not reclassified
), cell as materialized (
    -- S3b is a partition of (R, F); of the intervals of S4 the first that holds wins.
    select r, f, m,
           (array['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cant_lose_them',
                  'hibernating', 'hibernating', 'at_risk', 'at_risk', 'cant_lose_them',
                  'about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal_customers', 'loyal_customers',
                  'promising', 'potential_loyalists', 'potential_loyalists', 'loyal_customers', 'loyal_customers',
                  'new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions'
                 ])[5 * (r - 1) + f] as segment,
           case when r = 5 and f = 5 and m = 5 then 'champions'
                when r >= 3 and f >= 3 and m >= 2 then 'potential_loyalist'
                when r between 2 and 4 and f between 2 and 4 and m between 2 and 4 then 'loyal_customers'
                when r between 3 and 4 and f <= 3 and m >= 3 then 'promising'
                when r >= 4 and f <= 3 then 'new_customers'
                when r <= 2 and f between 3 and 4 and m >= 4 then 'cant_lose_them'
                when r <= 2 and f >= 2 and m >= 4 then 'at_risk'
                when r <= 3 and f >= 3 and m >= 3 then 'need_attention'
                when r between 2 and 3 and f <= 3 and m <= 4 then 'about_to_sleep'
                when r = 1 then 'lost' else 'others' end as interval_segment
      from generate_series(1, 5) r, generate_series(1, 5) f, generate_series(1, 5) m
), named as (
    select chosen.*, cardinality(high_potential_reasons) > 0 as high_potential,
           c.segment as rfm_segment, c.interval_segment as rfm_segment_intervals,
           t.segment as ntile_segment, t.interval_segment as ntile_segment_intervals
      from chosen
      left join cell c on c.r = rfm_r and c.f = rfm_f and c.m = rfm_m
      left join cell t on t.r = ntile_r and t.f = ntile_f and t.m = ntile_m
), change as materialized (
    -- The scores of RFM are recorded, but only its named groups are told: the digits of many move with each sale.
    select named.*, d.now_is, d.was, d.told
      from named
     cross join lateral (
           select jsonb_object_agg(x.name, a.value) as now_is,
                  jsonb_object_agg(x.name, b.value) filter (where x.kind = 'class') as was,
                  jsonb_object_agg(x.name, jsonb_build_object('before', b.value, 'after', a.value))
                      filter (where x.kind <> 'digit') as told
             from (select to_jsonb(named) as figures offset 0) j  -- Made once a row, not once a use.
            cross join (values
                  ('pareto', 'pareto', 'class'), ('abc_revenue', 'abc_revenue', 'class'),
                  ('abc_rank', 'abc_rank', 'class'), ('abc_bands', 'abc_bands', 'class'),
                  ('abc_margin', 'abc_margin', 'class'), ('rfm_r', 'rfm.r', 'digit'), ('rfm_f', 'rfm.f', 'digit'),
                  ('rfm_m', 'rfm.m', 'digit'), ('rfm_segment', 'rfm.segment', 'class'),
                  ('rfm_segment_intervals', 'rfm.segment_intervals', 'class'), ('ntile_r', 'rfm_ntile.r', 'digit'),
                  ('ntile_f', 'rfm_ntile.f', 'digit'), ('ntile_m', 'rfm_ntile.m', 'digit'),
                  ('ntile_segment', 'rfm_ntile.segment', 'class'),
                  ('ntile_segment_intervals', 'rfm_ntile.segment_intervals', 'class'),
                  ('high_potential', 'high_potential.flag', 'flag'),
                  ('high_potential_reasons', 'high_potential.reasons', 'flag'), ('costly', 'costly', 'flag'))
                  as x (field, name, kind)
            cross join lateral (select coalesce(j.figures -> x.field, 'null') as value) a
            cross join lateral (select coalesce(j.figures -> 'old' -> x.field, 'null') as value) b
            where named.reclassified and a.value is distinct from b.value) d
), written as (
    insert into customer_scores (
           workspace_id, customer_id, computed_at, previous, rank, pareto, abc_revenue, abc_rank, abc_bands, abc_margin,
           rfm_r, rfm_f, rfm_m, rfm_segment, rfm_segment_intervals, ntile_r, ntile_f, ntile_m, ntile_segment,
           ntile_segment_intervals, high_potential, high_potential_reasons, costly)
    select $1, customer_id, now, coalesce((old).previous, '{}') || coalesce(was, '{}'), rank, pareto, abc_revenue,
           abc_rank, abc_bands, abc_margin, rfm_r, rfm_f, rfm_m, rfm_segment, rfm_segment_intervals, ntile_r, ntile_f,
           ntile_m, ntile_segment, ntile_segment_intervals, high_potential, high_potential_reasons, costly
      from terms join change on true
     order by customer_id
    on conflict (workspace_id, customer_id) do update set
           (computed_at, previous, rank, pareto, abc_revenue, abc_rank, abc_bands, abc_margin, rfm_r, rfm_f, rfm_m,
            rfm_segment, rfm_segment_intervals, ntile_r, ntile_f, ntile_m, ntile_segment, ntile_segment_intervals,
            high_potential, high_potential_reasons, costly)
           = (excluded.computed_at, excluded.previous, excluded.rank, excluded.pareto, excluded.abc_revenue,
              excluded.abc_rank, excluded.abc_bands, excluded.abc_margin, excluded.rfm_r, excluded.rfm_f,
              excluded.rfm_m, excluded.rfm_segment, excluded.rfm_segment_intervals, excluded.ntile_r, excluded.ntile_f,
              excluded.ntile_m, excluded.ntile_segment, excluded.ntile_segment_intervals, excluded.high_potential,
              excluded.high_potential_reasons, excluded.costly)
), recorded as (
    insert into score_history (workspace_id, customer_id, recorded_at, as_of, changed)
    select $1, customer_id, now, today, now_is from terms join change on reclassified order by customer_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at)
    select $1, customer_id, 'score.changed', jsonb_build_object('customer_id', customer_id, 'changed', told), now
      from terms join change on reclassified
     where told is not null
     order by customer_id
)
select (select n from limits) as population, (select count(*) > $4 from compared where reclassified) as more,
       array(select customer_id from change where reclassified order by customer_id) as reclassified
