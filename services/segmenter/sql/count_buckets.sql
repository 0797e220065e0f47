-- Count everybody into buckets anew. Parameters: $1 workspace, $2 how many buckets of about equal size to make of revenue
-- and of margin. Reads ranking_input. Writes ranking_bucket. Repeatable.
--
-- Equal values share a bucket. The first of revenue has no lower end, that of margin begins at zero: only positive
-- margins are ranked. So whatever value comes later has its bucket.
with place as (
    select 'revenue' as axis, revenue as value, (rank() over (order by revenue) - 1) * $2 / count(*) over () as bucket
      from ranking_input
     where workspace_id = $1
    union all
    select 'margin', margin, (rank() over (order by margin) - 1) * $2 / count(*) over ()
      from ranking_input
     where workspace_id = $1 and margin > 0
), counted as materialized (
    select axis, case when bucket > 0 then min(value) when axis = 'margin' then 0 else '-Infinity' end as low,
           count(*) as customers, sum(greatest(value, 0)) as total
      from place
     group by axis, bucket
    union all
    select 'orders', orders, count(*), sum(orders) from ranking_input where workspace_id = $1 group by orders
    union all
    select 'recent', recent, count(*), sum(greatest(recent, 0)) from ranking_input where workspace_id = $1 group by recent
), ends as (
    -- Where nobody is: the buckets that the first customers will be counted in.
    select * from counted
    union all
    select axis, low, 0, 0
      from (values ('revenue', '-Infinity'::numeric), ('margin', 0)) as e (axis, low)
     where axis not in (select axis from counted)
), gone as (
    delete from ranking_bucket b
     where workspace_id = $1 and not exists (select from ends e where e.axis = b.axis and e.low = b.low)
)
insert into ranking_bucket (workspace_id, axis, low, customers, total)
select $1, axis, low, customers, total from ends
on conflict (workspace_id, axis, low) do update set (customers, total) = (excluded.customers, excluded.total)
