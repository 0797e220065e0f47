-- Mark every customer of a workspace, behind urgent ones. Parameters: workspace, correlation.
-- Reads customer, customer_metrics (whose customer may be gone), writes stale_customer. Repeatable.
insert into stale_customer (workspace_id, customer_id, correlation_id, priority)
select cast(:workspace as uuid), customer_id, cast(:correlation as text), 2
  from (select id as customer_id from customer where workspace_id = :workspace
        union
        select customer_id from customer_metrics where workspace_id = :workspace) known
