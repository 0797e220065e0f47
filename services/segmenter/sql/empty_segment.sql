-- Everybody leaves a segment that is deleted.
-- Parameters  $1 workspace, $2 segment, $3 now, $4 correlation id.
-- Writes      segment_membership (deletes), segment_membership_history, outbox. Returns how many left.
-- Repeatable  The second time there is nobody in it.
with gone as (
    delete from segment_membership where workspace_id = $1 and segment_id = $2
    returning customer_id, definition_version
), recorded as (
    insert into segment_membership_history (workspace_id, segment_id, customer_id, change, at, reason)
    select $1, $2, customer_id, 'left', $3, '{"segment": "deleted"}' from gone order by customer_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, customer_id, 'segment.left',
           jsonb_build_object('customer_id', customer_id, 'segment_id', $2::uuid,
                              'definition_version', definition_version), $3, $4
      from gone
     order by customer_id
)
select count(*) from gone
