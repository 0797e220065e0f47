-- Mark the customers that have rows in a currency. Parameters: workspace, currency, correlation.
-- Reads transaction, writes stale_customer. Repeatable.
insert into stale_customer (workspace_id, customer_id, correlation_id, priority)
select distinct cast(:workspace as uuid), customer_id, cast(:correlation as text), 2
  from transaction
 where workspace_id = :workspace and currency = :currency
