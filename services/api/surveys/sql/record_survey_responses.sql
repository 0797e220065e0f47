-- Record survey responses of customers that the caller has locked, each with its event. One round trip.
-- Parameters: $1 workspace, $2 now; arrays of equal length: $3 index, $4 customer, $5 external_id, $6 kind, $7 score,
--   $8 answered_at, $9 comment; then $10 correlation id.
-- Reads: nothing. Writes: survey_response, outbox.
-- Safe to repeat: a known external_id writes nothing.
-- Returns, per index, the id of the new row; none means that another transaction has just taken the external_id.
with given as materialized (
    select g.*, uuidv7() as id
      from unnest($3::int[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::text[])
           as g (index, customer_id, external_id, kind, score, answered_at, comment)
),
recorded as (
    insert into survey_response (workspace_id, id, customer_id, external_id, kind, score, answered_at, comment,
                                 created_at)
    select $1, g.id, g.customer_id, g.external_id, g.kind, g.score, g.answered_at, g.comment, $2
      from given g
     order by g.index
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning id
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, g.customer_id, 'survey_response.recorded',
           jsonb_build_object('customer_id', g.customer_id, 'survey_response_id', g.id, 'kind', g.kind,
                              'score', g.score), $2, $10
      from given g
      join recorded r on r.id = g.id
     order by g.index
)
select g.index, r.id
  from given g
  join recorded r on r.id = g.id
