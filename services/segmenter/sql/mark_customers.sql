-- Mark customers for recomputation. Parameters: workspace, customers, and the correlation id of each one's event.
-- Reads nothing, writes stale_customer. Repeatable: a mark on a mark makes it urgent, and its effects go by the name of
-- the latest event that asked for them.
insert into stale_customer as s (workspace_id, customer_id, correlation_id)
select cast(:workspace as uuid), customer_id, min(correlation_id)
  from unnest(cast(:customers as uuid[]), cast(:correlations as text[])) as m (customer_id, correlation_id)
 group by customer_id
 order by customer_id
on conflict (workspace_id, customer_id) do update
   set priority = 0, correlation_id = coalesce(excluded.correlation_id, s.correlation_id)
