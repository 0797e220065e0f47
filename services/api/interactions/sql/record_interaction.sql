-- Record one interaction: lock its customer, insert the row, append its event. One round trip.
-- Parameters: $1 workspace, $2 customer id, $3 external_id, $4 kind, $5 direction, $6 occurred_at (null: now),
--   $7 duration_seconds, $8 subject, $9 body, $10 message_id, $11 cost, $12 metadata (JSON text), $13 user,
--   $14 correlation id.
-- Reads: interaction, customer (and locks it). Writes: interaction, outbox.
-- Safe to repeat: a known external_id returns the row that is there (repeated = true) and writes nothing. No row at
-- all means: no such living customer, or another transaction has just taken the external_id (look again then).
with known as (
    select i.*
      from interaction i
     where i.workspace_id = $1
       and i.external_id = $3
),
clock as materialized (
    select workspace_now($1) as now
),
locked as materialized (
    select c.id
      from customer c
     where c.workspace_id = $1
       and c.id = $2
       and c.deleted_at is null
       and not exists (select from known)
       for no key update
),
recorded as (
    insert into interaction (workspace_id, customer_id, external_id, kind, direction, occurred_at, duration_seconds,
                             subject, body, message_id, cost, metadata, user_id)
    select $1, l.id, $3, $4, $5, coalesce($6, clock.now), $7, $8, $9, $10, $11, $12::text::jsonb, $13
      from locked l, clock
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning *
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, r.customer_id, 'interaction.recorded',
           jsonb_build_object('customer_id', r.customer_id, 'interaction_id', r.id, 'kind', r.kind), clock.now, $14
      from recorded r, clock
)
select false as repeated, r.* from recorded r
union all
select true as repeated, k.* from known k
