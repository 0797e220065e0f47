-- Insert a batch of interactions whose customers are locked and whose references were not known a moment ago.
-- Parameters: $1 workspace; arrays of equal length: $2 id, $3 customer, $4 external_id, $5 kind, $6 direction,
--   $7 occurred_at (null: now), $8 duration_seconds, $9 subject, $10 body, $11 message_id, $12 cost, $13 metadata;
--   then $14 user, $15 correlation id.
-- Reads: nothing. Writes: interaction, outbox (in the order of the arrays).
-- Safe to repeat: a reference that another transaction took meanwhile is left out, with its event.
-- Returns the ids that were inserted.
with given as materialized (
    select *
      from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::int[], $9::text[],
                  $10::text[], $11::text[], $12::numeric[], $13::text[])
           with ordinality as g (id, customer_id, external_id, kind, direction, occurred_at, duration_seconds, subject,
                                 body, message_id, cost, metadata, position)
),
clock as materialized (
    select workspace_now($1) as now
),
recorded as (
    insert into interaction (workspace_id, id, customer_id, external_id, kind, direction, occurred_at, duration_seconds,
                             subject, body, message_id, cost, metadata, user_id)
    select $1, g.id, g.customer_id, g.external_id, g.kind, g.direction, coalesce(g.occurred_at, clock.now),
           g.duration_seconds, g.subject, g.body, g.message_id, g.cost, g.metadata::jsonb, $14
      from given g, clock
     order by g.position
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning id, customer_id, kind
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, r.customer_id, 'interaction.recorded',
           jsonb_build_object('customer_id', r.customer_id, 'interaction_id', r.id, 'kind', r.kind), clock.now, $15
      from recorded r, clock
)
select id from recorded
