-- Put marks back for later. Parameters: $1 workspace, $2 customers, $3 how long to wait.
-- Reads nothing, writes stale_customer. Repeatable.
update stale_customer set marked_at = now() + $3, priority = 2 where workspace_id = $1 and customer_id = any($2)
