-- Rank the whole portfolio of a workspace and write the classes that differ, their history, events and marks.
--
-- Parameters  $1 workspace, $2 terms: the day and the thresholds (services.segmenter.terms), $3 how many rank numbers
--             may be written although no class changed: one sale moves the rank of thousands, but the class of few;
--             $4 how many marks are still urgent.
-- Reads       customer_metrics.
-- Writes      customer_scores, score_history, outbox, stale_customer (whose rules may now answer otherwise).
-- Returns     one row: population; customers whose classes changed; whether rank numbers are left behind.
-- Repeatable  A second run finds nothing different, so it writes nothing. One run at a time per workspace.
--
-- Amounts are whole minor units, so no share flips on a limit. From best to worst, `position` counts customers,
-- `better` those strictly better, `worse` those strictly worse: all of S3 follows from the three.
with terms as materialized (
    select *
      from jsonb_to_record($2) as t (
           today date, now timestamptz, minor_units int, pareto_top int, cum_a int, cum_b int, rank_a int, rank_b int,
           reach_a int, a_least int, a_most int, reach_ab int, b_least int, b_most int, margin_pct int,
           headroom_pct int)
), member as materialized (
    select m.customer_id, (revenue * 10 ^ minor_units)::bigint as revenue, (margin * 10 ^ minor_units)::bigint as
    margin,
           orders, last_purchase, margin - cost_to_serve < 0 as costly,
           ((inputs ->> 'potential')::numeric * 10 ^ minor_units)::bigint as potential,
           row_number() over (order by tie_break collate "C", customer_id) as tie
      from terms
      join customer_metrics m on m.workspace_id = $1 and m.status in ('active', 'dormant')
), placed as materialized (
    select member.*, count(*) over () as n,
           row_number() over revenue_tie as position,
           sum(greatest(revenue, 0)) over () as total,
           sum(greatest(revenue, 0)) over (revenue_tie rows unbounded preceding) as reached,
           sum(greatest(margin, 0)) over () as margin_total,
           sum(greatest(margin, 0)) over (order by margin desc nulls last, tie rows unbounded preceding)
               as margin_reached,
           rank() over by_revenue - 1 as m_better, count(*) over () - count(*) over by_revenue as m_worse,
           row_number() over (order by orders desc, tie) as f_position,
           rank() over by_orders - 1 as f_better, count(*) over () - count(*) over by_orders as f_worse,
           row_number() over (order by last_purchase desc, tie) as r_position,
           rank() over by_recency - 1 as r_better, count(*) over () - count(*) over by_recency as r_worse
      from member
    window revenue_tie as (order by revenue desc, tie), by_revenue as (order by revenue desc),
           by_orders as (order by orders desc), by_recency as (order by last_purchase desc)
), size as (
    -- S2c: as many as reach the shares, clamped; R3: p % of N customers, rounded up.
    select n, band_a, least(greatest((b_least * n + 99) / 100, least(needed_ab - band_a, (b_most * n + 99) / 100)),
                            n - band_a) as band_b
      from terms
      join (select n, needed_ab, greatest((a_least * n + 99) / 100, least(needed_a, (a_most * n + 99) / 100)) as band_a
              from terms
              join (select n, min(position) filter (where reached * 100 >= reach_a * total) as needed_a,
                           min(position) filter (where reached * 100 >= reach_ab * total) as needed_ab
                      from terms join placed on true
                     group by n) needed on true) a on true
), cell as (
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
), scored as (
    -- S3 and NTILE(5): the place from worst to best, from zero; among equals it goes by id.
    select placed.*, band_a, band_b,
           (1 + 5 * r_worse / n)::int as r, (1 + 5 * f_worse / n)::int as f, (1 + 5 * m_worse / n)::int as m,
           n / 5 as width, n % 5 as wider, r_worse + r_position - r_better - 1 as r_place,
           f_worse + f_position - f_better - 1 as f_place, m_worse + position - m_better - 1 as m_place
      from placed join size using (n)
), named as (
    select customer_id, position::int as rank,
           case when position <= (pareto_top * n + 99) / 100 and revenue > 0 then 'big' else 'small' end as pareto,
           case when revenue <= 0 or (reached - revenue) * 100 >= cum_b * total then 'C'
                when (reached - revenue) * 100 >= cum_a * total then 'B' else 'A' end as abc_revenue,
           case when revenue <= 0 or position > (rank_b * n + 99) / 100 then 'C'
                when position <= (rank_a * n + 99) / 100 then 'A' else 'B' end as abc_rank,
           case when revenue <= 0 or position > band_a + band_b then 'C'
                when position <= band_a then 'A' else 'B' end as abc_bands,
           case when margin is null then null
                when margin <= 0 or (margin_reached - margin) * 100 >= cum_b * margin_total then 'C'
                when (margin_reached - margin) * 100 >= cum_a * margin_total then 'B' else 'A' end as abc_margin,
           r as rfm_r, f as rfm_f, m as rfm_m, costly,
           (1 + case when r_place < wider * (width + 1) then r_place / (width + 1) else (r_place - wider) / width
           end)::int
               as ntile_r,
           (1 + case when f_place < wider * (width + 1) then f_place / (width + 1) else (f_place - wider) / width
           end)::int
               as ntile_f,
           (1 + case when m_place < wider * (width + 1) then m_place / (width + 1) else (m_place - wider) / width
           end)::int
               as ntile_m,
           case when position <= (pareto_top * n + 99) / 100 or revenue <= 0 then '{}'
                else array_remove(array[
                     case when margin * 100 >= margin_pct * revenue then 'margin' end,
                     case when potential > 0 and revenue * 100 <= headroom_pct * potential then 'headroom' end], null)
           end as reasons
      from terms join scored on true
), classified as (
    select named.customer_id, rank, pareto, abc_revenue, abc_rank, abc_bands, abc_margin, rfm_r, rfm_f, rfm_m,
           c.segment as rfm_segment, c.interval_segment as rfm_segment_intervals, ntile_r, ntile_f, ntile_m,
           t.segment as ntile_segment, t.interval_segment as ntile_segment_intervals,
           cardinality(reasons) > 0 as high_potential, reasons as high_potential_reasons, costly
      from named
      join cell c on c.r = rfm_r and c.f = rfm_f and c.m = rfm_m
      join cell t on t.r = ntile_r and t.f = ntile_f and t.m = ntile_m
), compared as materialized (
    -- Who left the portfolio has no classes any more: the full join keeps its row, with nulls.
    select customer_id, n as new, d.reclassified, case when d.reclassified then s end as old, s.previous
      from classified n
      full join (select * from customer_scores where workspace_id = $1) s using (customer_id)
     cross join lateral (
           select (n.pareto, n.abc_revenue, n.abc_rank, n.abc_bands, n.abc_margin, n.rfm_r, n.rfm_f, n.rfm_m,
                   n.ntile_r, n.ntile_f, n.ntile_m, n.high_potential_reasons, n.costly)
                  is distinct from
                  (s.pareto, s.abc_revenue, s.abc_rank, s.abc_bands, s.abc_margin, s.rfm_r, s.rfm_f, s.rfm_m,
                   s.ntile_r, s.ntile_f, s.ntile_m, s.high_potential_reasons, s.costly) as reclassified) d
     where d.reclassified or n.rank is distinct from s.rank
), change as materialized (
    -- The scores of RFM are recorded, but only its named groups are told: the digits of many move with each sale.
    select compared.customer_id, reclassified, new, compared.previous, d.now_is, d.was, d.told
      from compared
     cross join lateral (
           select jsonb_object_agg(f.name, a.value) as now_is,
                  jsonb_object_agg(f.name, b.value) filter (where f.kind = 'class') as was,
                  jsonb_object_agg(f.name, jsonb_build_object('before', b.value, 'after', a.value))
                      filter (where f.kind <> 'digit') as told
             from (select to_jsonb(old) as before, to_jsonb(new) as after) c
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
                  as f (field, name, kind)
            cross join lateral (select coalesce(c.after -> f.field, 'null') as value) a
            cross join lateral (select coalesce(c.before -> f.field, 'null') as value) b
            where compared.reclassified and a.value is distinct from b.value) d
), behind as materialized (
    select count(*) filter (where not reclassified) > $3 as ranks from change
), written as (
    insert into customer_scores (
           workspace_id, customer_id, computed_at, previous, rank, pareto, abc_revenue, abc_rank, abc_bands,
           abc_margin, rfm_r, rfm_f, rfm_m, rfm_segment,
           rfm_segment_intervals, ntile_r, ntile_f, ntile_m, ntile_segment, ntile_segment_intervals, high_potential,
           high_potential_reasons, costly)
    select $1, customer_id, now, coalesce(previous, '{}') || coalesce(was, '{}'),
           (new).rank, (new).pareto, (new).abc_revenue, (new).abc_rank, (new).abc_bands, (new).abc_margin,
           (new).rfm_r, (new).rfm_f, (new).rfm_m, (new).rfm_segment, (new).rfm_segment_intervals, (new).ntile_r,
           (new).ntile_f, (new).ntile_m, (new).ntile_segment, (new).ntile_segment_intervals, (new).high_potential,
           (new).high_potential_reasons, (new).costly
      from terms
      join behind on true
      join change on reclassified or not behind.ranks
     order by customer_id
    on conflict (workspace_id, customer_id) do update set
           (computed_at, previous, rank, pareto, abc_revenue, abc_rank, abc_bands, abc_margin, rfm_r, rfm_f, rfm_m,
           rfm_segment,
           rfm_segment_intervals, ntile_r, ntile_f, ntile_m, ntile_segment, ntile_segment_intervals, high_potential,
           high_potential_reasons, costly) =
           (excluded.computed_at, excluded.previous, excluded.rank, excluded.pareto, excluded.abc_revenue,
           excluded.abc_rank, excluded.abc_bands, excluded.abc_margin, excluded.rfm_r, excluded.rfm_f, excluded.rfm_m,
           excluded.rfm_segment, excluded.rfm_segment_intervals, excluded.ntile_r, excluded.ntile_f, excluded.ntile_m,
           excluded.ntile_segment, excluded.ntile_segment_intervals, excluded.high_potential,
           excluded.high_potential_reasons, excluded.costly)
), recorded as (
    insert into score_history (workspace_id, customer_id, recorded_at, as_of, changed)
    select $1, customer_id, now, today, now_is
      from terms join change on reclassified
     order by customer_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at)
    select $1, customer_id, 'score.changed', jsonb_build_object('customer_id', customer_id, 'changed', told), now
      from terms join change on reclassified
     where told is not null
     order by customer_id
), marked as (
    -- The row is locked even where it is there: a recomputation cannot take the mark before these classes are in.
    insert into stale_customer as s (workspace_id, customer_id, priority)
    select $1, customer_id, (count(*) over () > $4)::int from change where reclassified order by customer_id
    on conflict (workspace_id, customer_id) do update set priority = least(s.priority, excluded.priority)
)
select (select count(*) from member) as population, (select count(*) from change where reclassified) as reclassified,
       (select ranks from behind) as ranks_behind
