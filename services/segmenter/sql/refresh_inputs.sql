-- Bring the ranked inputs of some customers up to their metrics, and count them in their new buckets.
--
-- Parameters  $1 workspace, $2 customers, $3 whether everybody instead: then the buckets are to be counted anew after it.
-- Reads       customer_metrics.
-- Writes      ranking_input, ranking_bucket. One run at a time per workspace.
-- Repeatable  A second run finds no difference, so no bucket changes twice.
with subject as materialized (
    select unnest($2::uuid[]) as customer_id
    union
    select customer_id from customer_metrics where workspace_id = $1 and $3
    union
    select customer_id from ranking_input where workspace_id = $1 and $3
), portfolio as materialized (
    select m.customer_id, tie_break as tie, revenue, margin, orders::numeric,
           (last_purchase - date '1970-01-01')::numeric as recent, (inputs ->> 'potential')::numeric as potential,
           margin < cost_to_serve as costly
      from subject
     cross join lateral (
           select *
             from customer_metrics m
            where m.workspace_id = $1 and m.customer_id = subject.customer_id and status in ('active', 'dormant')
            limit 1) m
), left_it as (
    delete from ranking_input i
     using (select customer_id from subject except select customer_id from portfolio) gone
     where i.workspace_id = $1 and i.customer_id = gone.customer_id
    returning revenue, margin, orders, recent
), entered as (
    insert into ranking_input as i
           (workspace_id, customer_id, tie, revenue, margin, orders, recent, potential, costly)
    select $1, customer_id, tie, revenue, margin, orders, recent, potential, costly from portfolio
    on conflict (workspace_id, customer_id) do update set
           (tie, revenue, margin, orders, recent, potential, costly)
           = (excluded.tie, excluded.revenue, excluded.margin, excluded.orders, excluded.recent, excluded.potential,
              excluded.costly)
     where (i.tie, i.revenue, i.margin, i.orders, i.recent, i.potential, i.costly)
           is distinct from
           (excluded.tie, excluded.revenue, excluded.margin, excluded.orders, excluded.recent, excluded.potential,
            excluded.costly)
    returning old.customer_id is not null as was, old.revenue as old_revenue, old.margin as old_margin,
              old.orders as old_orders, old.recent as old_recent,
              new.revenue, new.margin, new.orders, new.recent
), move as (
    select -1 as customers, revenue, margin, orders, recent from left_it
    union all
    select -1, old_revenue, old_margin, old_orders, old_recent from entered where was
    union all
    select 1, revenue, margin, orders, recent from entered
)
insert into ranking_bucket as b (workspace_id, axis, low, customers, total)
select $1, axis, low, sum(customers), sum(customers * greatest(value, 0))
  from move
 cross join lateral (values ('revenue', revenue), ('margin', margin), ('orders', orders), ('recent', recent))
       as v (axis, value)
 cross join lateral (
       select case when axis in ('orders', 'recent') then value
              else (select max(o.low)
                      from ranking_bucket o
                     where o.workspace_id = $1 and o.axis = v.axis and o.low <= value) end as low) l
 where not $3 and (axis <> 'margin' or value > 0)
 group by axis, low
having sum(customers) <> 0 or sum(customers * greatest(value, 0)) <> 0
 order by axis, low
on conflict (workspace_id, axis, low) do update set
       customers = b.customers + excluded.customers, total = b.total + excluded.total
