-- Mark customers for recomputation, urgently. Parameters: workspace, customers, the correlation id of each one's event.
-- Reads nothing, writes stale_customer. Repeatable: marks of one customer are taken together.
insert into stale_customer (workspace_id, customer_id, correlation_id)
select cast(:workspace as uuid), customer_id, correlation_id
  from unnest(cast(:customers as uuid[]), cast(:correlations as text[])) as m (customer_id, correlation_id)
