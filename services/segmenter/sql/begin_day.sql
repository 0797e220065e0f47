-- Bring a workspace to its day of today: mark every customer that has any fact, whose figures move with the calendar.
--
-- Parameters  $1 workspace, $2 the day.
-- Reads       transaction, interaction, complaint, survey_response, message. Writes: ranking_state, stale_customer.
-- Returns     how many were marked; null if the workspace stands there already, or another replica is at it.
-- Repeatable  The day is noted in the same transaction, so each is begun once; forwards and backwards alike.
with begun as (
    insert into ranking_state as r (workspace_id, as_of)
    values ($1, $2)
    on conflict (workspace_id) do update set as_of = excluded.as_of
     where r.as_of is distinct from excluded.as_of
    returning workspace_id
), marked as (
    insert into stale_customer (workspace_id, customer_id, priority)
    select begun.workspace_id, customer_id, 2
      from begun
      join (select customer_id from transaction where workspace_id = $1
            union select customer_id from interaction where workspace_id = $1
            union select customer_id from complaint where workspace_id = $1
            union select customer_id from survey_response where workspace_id = $1
            union select customer_id from message where workspace_id = $1) active on true
    returning 1
)
select (select count(*) from marked) as marked from begun
