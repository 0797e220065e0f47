-- Take one stale customer out of the set, as claim.sql does for many. Parameters: $1 workspace, $2 customer.
-- Returns whether there was a mark, and nobody else is at it.
with mine as materialized (
    select pg_try_advisory_xact_lock(hashtextextended('customer ' || $2::uuid, 0)) as locked
), deleted as (
    delete from stale_customer using mine where locked and workspace_id = $1 and customer_id = $2 returning 1
), shared as materialized (
    select pg_advisory_xact_lock_shared(hashtextextended('segments ' || $1::uuid, 0)) from mine where locked
)
select exists(select from deleted) and exists(select from shared)
