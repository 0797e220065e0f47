-- Record a batch of interactions in their order. One round trip, whatever the number of rows.
-- Parameters: $1 workspace; arrays of equal length: $2 index, $3 customer id, $4 customer external_id, $5 external_id,
--   $6 kind, $7 direction, $8 occurred_at (null: now), $9 duration_seconds, $10 subject, $11 body, $12 message_id,
--   $13 cost, $14 metadata; then $15 user, $16 correlation id.
-- Reads: customer, interaction. Writes: customer.event_seq, interaction, outbox.
-- Locks customers in the order of their ids, so that two batches never wait for each other in a ring.
-- Safe to repeat: known external_ids are answered with the row that is there; within the batch the first one wins.
-- Returns, per index: the interaction's id, whether it is new, and whether its customer exists. A row with a customer
-- and without id lost a race for its external_id: ask again.
with given as (
    select *
      from unnest($2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::int[],
                  $10::text[], $11::text[], $12::text[], $13::numeric[], $14::text[])
           as g (index, customer_id, customer_external_id, external_id, kind, direction, occurred_at, duration_seconds,
                 subject, body, message_id, cost, metadata)
),
clock as materialized (
    select workspace_now($1) as now
),
locked as materialized (
    select c.id, c.external_id
      from customer c
     where c.workspace_id = $1
       and c.deleted_at is null
       and (c.id = any ($3::uuid[]) or c.external_id = any ($4::text[]))
     order by c.id
       for no key update
),
resolved as materialized (
    select g.*, coalesce(by_id.id, by_reference.id) as owner,
           row_number() over (partition by g.external_id order by g.index) as occurrence
      from given g
      left join locked by_id on by_id.id = g.customer_id
      left join locked by_reference on by_reference.external_id = g.customer_external_id
),
known as materialized (
    select i.external_id, i.id
      from interaction i
     where i.workspace_id = $1
       and i.external_id = any ($5::text[])
),
fresh as materialized (
    select r.*, uuidv7() as id, row_number() over (partition by r.owner order by r.index) as number
      from resolved r
     where r.owner is not null
       and (r.external_id is null or r.occurrence = 1 and not exists (select from known k where k.external_id = r.external_id))
),
numbered as (
    update customer c
       set event_seq = c.event_seq + f.events
      from (select owner, count(*) as events from fresh group by owner) f
     where c.workspace_id = $1
       and c.id = f.owner
    returning c.id, c.event_seq - f.events as before
),
recorded as (
    insert into interaction (workspace_id, id, customer_id, external_id, kind, direction, occurred_at, duration_seconds,
                             subject, body, message_id, cost, metadata, user_id)
    select $1, f.id, f.owner, f.external_id, f.kind, f.direction, coalesce(f.occurred_at, clock.now), f.duration_seconds,
           f.subject, f.body, f.message_id, f.cost, f.metadata::jsonb, $15
      from fresh f, clock
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning id
),
told as (
    insert into outbox (workspace_id, customer_id, seq, type, data, occurred_at, correlation_id)
    select $1, f.owner, n.before + f.number, 'interaction.recorded',
           jsonb_build_object('customer_id', f.owner, 'interaction_id', f.id, 'kind', f.kind), clock.now, $16
      from fresh f
      join recorded r on r.id = f.id
      join numbered n on n.id = f.owner, clock
     order by f.index
)
select g.index,
       coalesce(k.id, r_own.id, r_first.id) as id,
       r_own.id is not null as is_new,
       g.owner is not null as has_customer
  from resolved g
  left join known k on k.external_id = g.external_id
  left join fresh own on own.index = g.index
  left join recorded r_own on r_own.id = own.id
  left join fresh first on first.external_id = g.external_id
  left join recorded r_first on r_first.id = first.id
