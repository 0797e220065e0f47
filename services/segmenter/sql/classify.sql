-- Classify the customers that moved or that a class's end moved over, and write the classes that differ, their history and
-- their events.
--
-- Parameters  $1 workspace, $2 terms: the day and the thresholds (services.segmenter.terms), $3 customers that moved,
--             $4 the values that ends moved over (move_cuts.sql), $5 whether everybody instead, $6 how many changed
--             classes to write at most: their events stand in one queue with what happens meanwhile; $7 the classes
--             that rules of segments ask for.
-- Reads       ranking_input, ranking_cut, customer_scores.
-- Writes      customer_scores, score_history, outbox, stale_customer where a rule may answer otherwise now.
-- Returns     one row: how many new classes were written; whether there are more of them.
-- Repeatable  A second run finds nothing different, so it writes nothing. One run at a time per workspace.
--
-- Every class is a comparison of a customer's key with the ends of classes: best first (value desc, tie), of RFM worst
-- first. Nobody else's row is looked at: the limits and the offset in lateral joins have rows looked up by their keys,
-- however many the planner expects.
with terms as materialized (
    select * from jsonb_to_record($2) as t (today date, now timestamptz, margin_pct int, headroom_pct int)
), keyed as not materialized (
    select 'revenue' as axis, revenue as value, tie, customer_id from ranking_input where workspace_id = $1
    union all
    select 'margin', margin, tie, customer_id from ranking_input where workspace_id = $1 and margin > 0
    union all
    select 'orders', orders, tie, customer_id from ranking_input where workspace_id = $1
    union all
    select 'recent', recent, tie, customer_id from ranking_input where workspace_id = $1
), subject as materialized (
    select customer_id, bool_or(moved_itself) as moved_itself
      from (select unnest($3::uuid[]) as customer_id, true as moved_itself
            union all
            select k.customer_id, false
              from jsonb_to_recordset($4) as moved (axis text, low numeric, high numeric, low_tie text, high_tie text)
              join lateral (
                   select customer_id
                     from keyed where low < high and keyed.axis = moved.axis and value between low and high
                   union all
                   select customer_id
                     from keyed
                    where low = high and keyed.axis = moved.axis and value = low and tie between low_tie and high_tie
                   offset 0) k on not $5
            union all
            select customer_id, false from ranking_input where workspace_id = $1 and $5
            union all
            select customer_id, false from customer_scores where workspace_id = $1 and $5) s
     group by customer_id
), cut as materialized (
    select max(value) filter (where name = 'pareto') as big, max(tie) filter (where name = 'pareto') as big_tie,
           array_agg(value order by nth) filter (where name = 'abc_revenue') as by_revenue,
           array_agg(tie order by nth) filter (where name = 'abc_revenue') as by_revenue_tie,
           array_agg(value order by nth) filter (where name = 'abc_rank') as by_rank,
           array_agg(tie order by nth) filter (where name = 'abc_rank') as by_rank_tie,
           array_agg(value order by nth) filter (where name = 'abc_bands') as by_bands,
           array_agg(tie order by nth) filter (where name = 'abc_bands') as by_bands_tie,
           array_agg(value order by nth) filter (where name = 'abc_margin') as by_margin,
           array_agg(tie order by nth) filter (where name = 'abc_margin') as by_margin_tie,
           array_agg(value order by nth) filter (where name = 'rfm_r') as r,
           array_agg(value order by nth) filter (where name = 'rfm_f') as f,
           array_agg(value order by nth) filter (where name = 'rfm_m') as m,
           array_agg(value order by nth) filter (where name = 'ntile_r') as rv,
           array_agg(tie order by nth) filter (where name = 'ntile_r') as rt,
           array_agg(value order by nth) filter (where name = 'ntile_f') as fv,
           array_agg(tie order by nth) filter (where name = 'ntile_f') as ft,
           array_agg(value order by nth) filter (where name = 'ntile_m') as mv,
           array_agg(tie order by nth) filter (where name = 'ntile_m') as mt
      from ranking_cut
     where workspace_id = $1
), compared as materialized (
    -- Who left the portfolio has no classes any more: the subject's row stays, with nulls.
    select subject.customer_id, moved_itself, n.*, s as old, case when n.pareto is not null then s.rank end as rank
      from subject
     cross join terms
     cross join cut
      left join lateral (
           select * from ranking_input r where r.workspace_id = $1 and r.customer_id = subject.customer_id limit 1)
           i on true
      left join lateral (select revenue > big or revenue = big and tie <= big_tie as is_big) b on true
      left join lateral (
    select case when is_big and revenue > 0 then 'big' else 'small' end as pareto,
           case when revenue <= 0 then 'C'
                when revenue > by_revenue[1] or revenue = by_revenue[1] and tie <= by_revenue_tie[1] then 'A'
                when revenue > by_revenue[2] or revenue = by_revenue[2] and tie <= by_revenue_tie[2] then 'B'
                else 'C' end as abc_revenue,
           case when revenue <= 0 then 'C'
                when revenue > by_rank[1] or revenue = by_rank[1] and tie <= by_rank_tie[1] then 'A'
                when revenue > by_rank[2] or revenue = by_rank[2] and tie <= by_rank_tie[2] then 'B'
                else 'C' end as abc_rank,
           case when revenue <= 0 then 'C'
                when revenue > by_bands[1] or revenue = by_bands[1] and tie <= by_bands_tie[1] then 'A'
                when revenue > by_bands[2] or revenue = by_bands[2] and tie <= by_bands_tie[2] then 'B'
                else 'C' end as abc_bands,
           case when margin is null then null
                when margin > by_margin[1] or margin = by_margin[1] and tie <= by_margin_tie[1] then 'A'
                when margin > by_margin[2] or margin = by_margin[2] and tie <= by_margin_tie[2] then 'B'
                else 'C' end as abc_margin,
           1 + (recent > r[1])::int + (recent > r[2])::int + (recent > r[3])::int + (recent > r[4])::int as rfm_r,
           1 + (orders > f[1])::int + (orders > f[2])::int + (orders > f[3])::int + (orders > f[4])::int as rfm_f,
           1 + (revenue > m[1])::int + (revenue > m[2])::int + (revenue > m[3])::int + (revenue > m[4])::int as rfm_m,
           1 + ((recent, tie) > (rv[1], rt[1]))::int + ((recent, tie) > (rv[2], rt[2]))::int
             + ((recent, tie) > (rv[3], rt[3]))::int + ((recent, tie) > (rv[4], rt[4]))::int as ntile_r,
           1 + ((orders, tie) > (fv[1], ft[1]))::int + ((orders, tie) > (fv[2], ft[2]))::int
             + ((orders, tie) > (fv[3], ft[3]))::int + ((orders, tie) > (fv[4], ft[4]))::int as ntile_f,
           1 + ((revenue, tie) > (mv[1], mt[1]))::int + ((revenue, tie) > (mv[2], mt[2]))::int
             + ((revenue, tie) > (mv[3], mt[3]))::int + ((revenue, tie) > (mv[4], mt[4]))::int as ntile_m,
           costly,
           case when is_big or revenue <= 0 then '{}'
                else array_remove(array[
                     case when margin * 100 >= margin_pct * revenue then 'margin' end,
                     case when potential > 0 and revenue * 100 <= headroom_pct * potential then 'headroom' end], null)
           end as high_potential_reasons
           ) n on tie is not null
      left join lateral (
           select * from customer_scores c where c.workspace_id = $1 and c.customer_id = subject.customer_id limit 1)
           s on true
     where (n.pareto, n.abc_revenue, n.abc_rank, n.abc_bands, n.abc_margin, n.rfm_r, n.rfm_f, n.rfm_m,
            n.ntile_r, n.ntile_f, n.ntile_m, n.high_potential_reasons, n.costly)
           is distinct from
           (s.pareto, s.abc_revenue, s.abc_rank, s.abc_bands, s.abc_margin, s.rfm_r, s.rfm_f, s.rfm_m,
            s.ntile_r, s.ntile_f, s.ntile_m, s.high_potential_reasons, s.costly)
), chosen as (
    -- What just happened to somebody comes before what is left of a bulk.
    select * from compared order by moved_itself desc limit $6
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
            where a.value is distinct from b.value) d
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
    select $1, customer_id, now, today, now_is from terms join change on true order by customer_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at)
    select $1, customer_id, 'score.changed', jsonb_build_object('customer_id', customer_id, 'changed', told), now
      from terms join change on true
     where told is not null
     order by customer_id
), marked as (
    insert into stale_customer (workspace_id, customer_id, priority)
    select $1, customer_id, 1 from change where now_is ?| $7::text[] order by customer_id
)
select (select count(*) from change) as reclassified, (select count(*) > $6 from compared) as more
