-- Forget the figures of customers that are gone: deleted, or erased altogether.
--
-- Parameters  $1 workspace, $2 customers, $3 now.
-- Reads       nothing else. Writes: deletes from customer_metrics, customer_scores and segment_membership; writes
--             segment_membership_history, outbox (segment.left) and stale_ranking.
-- Returns     whether the ranking loses somebody.
-- Repeatable  The second time there is nothing to delete, so nobody leaves twice.
with metrics as (
    delete from customer_metrics where workspace_id = $1 and customer_id = any($2) returning customer_id, status
), unranked as (
    insert into stale_ranking (workspace_id, customer_id)
    select $1, customer_id from metrics where status in ('active', 'dormant')
), scores as (
    delete from customer_scores where workspace_id = $1 and customer_id = any($2)
), gone as (
    delete from segment_membership
     where workspace_id = $1 and customer_id = any($2)
    returning segment_id, customer_id, definition_version
), recorded as (
    insert into segment_membership_history (workspace_id, segment_id, customer_id, change, at, reason)
    select $1, segment_id, customer_id, 'left', $3, '{"customer": "deleted"}' from gone order by customer_id, segment_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at)
    select $1, customer_id, 'segment.left',
           jsonb_build_object('customer_id', customer_id, 'segment_id', segment_id,
                              'definition_version', definition_version), $3
      from gone
     order by customer_id, segment_id
)
select coalesce(bool_or(status in ('active', 'dormant')), false) from metrics
