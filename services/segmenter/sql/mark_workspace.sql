-- Mark every customer of a workspace, behind urgent ones, and have everybody classified anew. Parameters: workspace,
-- correlation. Reads customer, customer_metrics (whose customer may be gone), writes stale_customer, ranking_state.
-- Repeatable.
with classes as (
    update ranking_state set basis = null where workspace_id = :workspace
)
insert into stale_customer (workspace_id, customer_id, correlation_id, priority)
select cast(:workspace as uuid), customer_id, cast(:correlation as text), 2
  from (select id as customer_id from customer where workspace_id = :workspace
        union
        select customer_id from customer_metrics where workspace_id = :workspace) known
