-- Mark customers whose classes changed: rules may answer otherwise now. Parameters: $1 workspace, $2 customers in order.
-- Writes stale_customer. Repeatable. It comes late in the transaction: whoever marks the same customers waits for it.
insert into stale_customer as s (workspace_id, customer_id, priority)
select $1, customer_id, 1 from unnest($2::uuid[]) as customer_id
on conflict (workspace_id, customer_id) do update set priority = least(s.priority, excluded.priority)
