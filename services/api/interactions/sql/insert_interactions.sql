-- Insert a batch of interactions whose customers are locked and whose references were not known a moment ago.
-- Parameters: $1 workspace; $2 a JSON array of objects with id, customer_id, external_id, kind, direction, occurred_at
--   (null: now), duration_seconds, subject, body, message_id, cost, metadata: one document costs the api a tenth of what
--   an array a column costs it; then $3 user, $4 correlation id.
-- Reads: nothing. Writes: interaction, outbox (in the order of the objects).
-- Safe to repeat: a reference that another transaction took meanwhile is left out, with its event.
-- Returns the ids that were inserted.
with given as materialized (
    select *
      from rows from (jsonb_to_recordset($2::text::jsonb) as (
               id uuid, customer_id uuid, external_id text, kind text, direction text, occurred_at timestamptz,
               duration_seconds int, subject text, body text, message_id text, cost numeric, metadata jsonb))
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
           g.duration_seconds, g.subject, g.body, g.message_id, g.cost, g.metadata, $3
      from given g, clock
     order by g.position
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning id, customer_id, kind
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, r.customer_id, 'interaction.recorded',
           jsonb_build_object('customer_id', r.customer_id, 'interaction_id', r.id, 'kind', r.kind), clock.now, $4
      from recorded r, clock
)
select id from recorded
