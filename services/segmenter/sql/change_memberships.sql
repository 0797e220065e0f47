-- Let customers enter and leave segments, with history and events.
--
-- Parameters  $1 workspace, $2 now, $3 the correlation id of each customer (JSON object); then one array a column, of
--             equal length: $4 segments, $5 customers, $6 versions of the definition, $7 changes (entered, left, kept:
--             still a member, by a newer definition), $8 reasons (JSON text).
-- Reads       customer. Writes: segment_membership, segment_membership_history, outbox.
-- Returns     how many really changed.
-- Repeatable  Only rows that were really written or deleted are recorded and told: nobody enters twice.
with given as materialized (
    select *
      from unnest($4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::text[])
           as g (segment_id, customer_id, definition_version, change, reason)
), gone as (
    delete from segment_membership m using given g
     where g.change = 'left' and m.workspace_id = $1 and m.segment_id = g.segment_id and m.customer_id = g.customer_id
    returning m.segment_id, m.customer_id, g.definition_version, g.reason::jsonb as reason
), come as (
    insert into segment_membership (workspace_id, segment_id, customer_id, definition_version, entered_at, reason)
    select $1, g.segment_id, g.customer_id, g.definition_version, $2, g.reason::jsonb
      from given g join customer c on c.workspace_id = $1 and c.id = g.customer_id
     where g.change = 'entered'
     order by g.segment_id, g.customer_id
    on conflict do nothing
    returning segment_id, customer_id, definition_version, reason
), kept as (
    update segment_membership m set definition_version = g.definition_version
      from given g
     where g.change = 'kept' and m.workspace_id = $1 and m.segment_id = g.segment_id and m.customer_id = g.customer_id
), happened as (
    select 'left' as change, * from gone union all select 'entered', * from come
), recorded as (
    insert into segment_membership_history (workspace_id, segment_id, customer_id, change, at, reason)
    select $1, segment_id, customer_id, change, $2, reason from happened order by customer_id, segment_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, customer_id, 'segment.' || change,
           jsonb_build_object('customer_id', customer_id, 'segment_id', segment_id,
                              'definition_version', definition_version), $2, $3::jsonb ->> customer_id::text
      from happened
     order by customer_id, segment_id
)
select count(*) from happened
