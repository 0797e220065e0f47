-- Mark customers whose classes changed: rules may answer otherwise now. Parameters: $1 workspace, $2 customers.
-- Reads nothing, writes stale_customer. Repeatable.
insert into stale_customer (workspace_id, customer_id, priority)
select $1, customer_id, 1 from unnest($2::uuid[]) as customer_id
