-- Find where every class ends now, and which values lie between its old and its new end.
--
-- Parameters  $1 workspace, $2 terms: the thresholds (services.segmenter.terms).
-- Reads       ranking_bucket, and of ranking_input only the buckets where a class ends.
-- Writes      ranking_cut where it differs.
-- Returns     one row: moved, a list of {axis, low, high, low_tie, high_tie}. If low = high, its customers are those of
--             that value whose tie lies between the two; else all of the values between, ends included.
-- Repeatable  A second run finds nothing moved. One run at a time per workspace.
--
-- A class is a comparison with the last customer in it: the one at a position (S1, S2b, S2c, S3), or the last before whom
-- the sum of what is positive is below a share of all (S2a, S2d). Buckets tell where that is, give or take one bucket.
with terms as materialized (
    select *
      from jsonb_to_record($2) as t (
           pareto_top int, cum_a int, cum_b int, rank_a int, rank_b int, reach_a int, a_least int, a_most int,
           reach_ab int, b_least int, b_most int)
), bucket as materialized (
    select axis, low, lead(low, 1, 'Infinity') over upwards as high, customers, sum(customers) over upwards - customers as worse,
           sum(customers) over downwards - customers as better, sum(total) over downwards - total as before,
           sum(total) over (partition by axis) as total
      from ranking_bucket
     where workspace_id = $1 and customers > 0
    window upwards as (partition by axis order by low), downwards as (partition by axis order by low desc)
), keyed as not materialized (
    select 'revenue' as axis, revenue as value, tie from ranking_input where workspace_id = $1
    union all
    select 'margin', margin, tie from ranking_input where workspace_id = $1 and margin > 0
), shared as materialized (
    select name, nth, share.axis, found.value, found.tie, b.better + found.nth_best as position
      from terms
     cross join lateral (values
           ('abc_revenue', 1, 'revenue', cum_a), ('abc_revenue', 2, 'revenue', cum_b), ('reach', 1, 'revenue', reach_a),
           ('reach', 2, 'revenue', reach_ab), ('abc_margin', 1, 'margin', cum_a), ('abc_margin', 2, 'margin', cum_b))
           as share (name, nth, axis, pct)
      left join lateral (
           select * from bucket where bucket.axis = share.axis and before * 100 < pct * total order by low limit 1)
           b on true
      left join lateral (
           select *
             from (select value, tie, row_number() over best_first as nth_best,
                          sum(greatest(value, 0)) over best_first - greatest(value, 0) as before_it
                     from keyed
                    where keyed.axis = share.axis and value >= b.low and value < b.high
                   window best_first as (order by value desc, tie rows unbounded preceding)) inside
            where (b.before + before_it) * 100 < pct * b.total
            order by nth_best desc limit 1) found on true
), size as materialized (
    -- R3: p % of N customers, rounded up. S2c: as many as reach the shares of revenue, clamped.
    select n, (pareto_top * n + 99) / 100 as big, (rank_a * n + 99) / 100 as first_a, (rank_b * n + 99) / 100 as first_b,
           band_a, band_a + least(greatest((b_least * n + 99) / 100, least(needed_ab - band_a, (b_most * n + 99) / 100)),
                                  n - band_a) as band_ab
      from (select *, greatest((a_least * n + 99) / 100, least(needed_a, (a_most * n + 99) / 100)) as band_a
              from terms
             cross join (select coalesce(sum(customers), 0)::bigint as n from bucket where axis = 'revenue') everybody
             cross join (select coalesce(max(position) filter (where nth = 1), 1)::bigint as needed_a,
                                coalesce(max(position) filter (where nth = 2), 1)::bigint as needed_ab
                           from shared where name = 'reach') needed) bands
), best as (
    select name, nth, 'revenue' as axis, found.value, found.tie
      from size
     cross join lateral (values ('pareto', 1, big), ('abc_rank', 1, first_a), ('abc_rank', 2, first_b),
                                ('abc_bands', 1, band_a), ('abc_bands', 2, band_ab)) as p (name, nth, position)
      left join bucket b on b.axis = 'revenue' and better < position and position <= better + customers
      left join lateral (
           select revenue as value, tie
             from ranking_input
            where workspace_id = $1 and revenue >= b.low and revenue < b.high
            order by revenue desc, tie offset (position - better - 1)::bigint limit 1) found on true
), worst as (
    -- S3. A score of more than k is a value above that of the ceil(k N / 5)-th worst customer; by NTILE it is a place
    -- behind the last of bucket k, from worst to best, among equals by id.
    select name || '_' || letter as name, k as nth, b.axis, found.value, case when name = 'ntile' then found.tie end as tie
      from size
     cross join generate_series(1, 4) k
     cross join lateral (values ('rfm', (k * n + 4) / 5), ('ntile', k * (n / 5) + least(k, n % 5))) as p (name, position)
     cross join (values ('r', 'recent'), ('f', 'orders'), ('m', 'revenue')) as a (letter, measure)
      join bucket b on b.axis = measure and worse < position and position <= worse + customers
     cross join lateral (select (position - worse - 1)::bigint as skipped) s
     cross join lateral (
           (select revenue as value, tie
              from ranking_input
             where measure = 'revenue' and workspace_id = $1 and revenue >= b.low and revenue < b.high
             order by revenue, tie offset skipped limit 1)
           union all
           (select orders, tie
              from ranking_input
             where measure = 'orders' and workspace_id = $1 and orders = b.low
             order by tie offset case when name = 'ntile' then skipped else 0 end limit 1)
           union all
           (select recent, tie
              from ranking_input
             where measure = 'recent' and workspace_id = $1 and recent = b.low
             order by tie offset case when name = 'ntile' then skipped else 0 end limit 1)) found
), moved as (
    insert into ranking_cut as c (workspace_id, name, nth, axis, value, tie)
    select $1, name, nth, axis, coalesce(value, 'Infinity'), coalesce(tie, '')
      from (select name, nth, axis, value, tie from shared where name <> 'reach'
            union all select * from best
            union all select * from worst) cut
     order by name, nth
    on conflict (workspace_id, name, nth) do update set (value, tie) = (excluded.value, excluded.tie)
     where (c.value, c.tie) is distinct from (excluded.value, excluded.tie)
    returning new.axis, least(old.value, new.value) as low, greatest(old.value, new.value) as high,
              least(old.tie, new.tie) as low_tie, greatest(old.tie, new.tie) as high_tie
)
select coalesce(jsonb_agg(jsonb_build_object('axis', axis, 'low', low::text, 'high', high::text, 'low_tie', low_tie,
                                             'high_tie', high_tie)), '[]') as moved
  from moved
