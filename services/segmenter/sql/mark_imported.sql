-- Mark the customers that an import touched, behind urgent ones. Parameters: workspace, import, correlation.
-- Reads import_touch, writes stale_customer. Repeatable.
insert into stale_customer (workspace_id, customer_id, correlation_id, priority)
select distinct workspace_id, unnest(customer_ids), cast(:correlation as text), 2
  from import_touch
 where workspace_id = :workspace and import_id = :import
