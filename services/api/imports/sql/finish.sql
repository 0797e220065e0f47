-- End an import: tell it once and drop what it no longer needs. What it brought, its faults and its counts stay.
-- Parameters: $1 workspace, $2 import, $3 token of the lease, $4 status, $5 error (JSON text or null), $6 now.
-- Reads: import. Writes: import, import_chunk, the staging tables, outbox.
-- Safe to repeat: only the holder of the lease ends an import, and an ended import has no lease.
-- Returns true; no row when the lease is lost. A rehearsal tells nothing, nor does a failure
-- that brought nothing.
with ended as (
    update import
       set status = $4, error = $5::text::jsonb, finished_at = $6, lease_token = null, lease_until = null
     where workspace_id = $1
       and id = $2
       and lease_token = $3
       and status in ('parsing', 'merging')
    returning entity, created, updated, customers_created, rejected, dry_run, correlation_id
),
told as (
    insert into outbox (workspace_id, type, data, occurred_at, correlation_id)
    select $1, 'import.completed',
           jsonb_build_object('import_id', $2::uuid, 'entity', e.entity, 'created', e.created, 'updated', e.updated,
                              'rejected', e.rejected), $6, e.correlation_id
      from ended e
     where not e.dry_run
       and ($4 = 'completed' or e.created + e.updated + e.customers_created > 0)
),
chunks as (
    delete from import_chunk where workspace_id = $1 and import_id = $2 and exists (select from ended)
),
customers as (
    delete from import_customer_row where workspace_id = $1 and import_id = $2 and exists (select from ended)
),
transactions as (
    delete from import_transaction_row where workspace_id = $1 and import_id = $2 and exists (select from ended)
),
interactions as (
    delete from import_interaction_row where workspace_id = $1 and import_id = $2 and exists (select from ended)
),
opportunities as (
    delete from import_opportunity_row where workspace_id = $1 and import_id = $2 and exists (select from ended)
)
select true from ended
