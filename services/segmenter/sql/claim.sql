-- Take the most urgent stale customers of one workspace out of the set, and keep its segments as they are until commit.
--
-- Parameters  $1 how many at most if events marked them, $2 otherwise: an event that comes meanwhile waits for these;
--             $3 with how many events in the outbox only those are taken that events marked: what happens to a customer
--             now stands in that queue behind whatever a whole workspace's recomputation has to tell.
-- Reads       stale_customer, outbox. Writes: deletes every mark of the customers taken.
-- Locks       until the transaction ends: each customer taken (nobody else computes it meanwhile, so no older figures
--             overwrite newer ones), and, shared, the segments of the workspace.
-- Returns     workspace_id, customer_id, correlation_id; whether its figures may have changed, or only its classes;
--             nothing when there is nothing, or others are at it.
-- Repeatable  A rollback brings the marks back. A mark made meanwhile is another row, and stays.
with waiting as materialized (
    select workspace_id, customer_id, priority
      from stale_customer
     where marked_at <= now()
       and priority <= (select case when count(*) < $3::bigint then 2 else 0 end
                          from (select from outbox limit $3::bigint) queue)
     order by priority, marked_at
     limit 4 * $1::bigint
), head as materialized (
    select workspace_id, priority
      from waiting
     where pg_try_advisory_xact_lock(hashtextextended('customer ' || customer_id, 0))
     limit 1
), candidate as materialized (
    select customer_id
      from stale_customer
     where workspace_id = (select workspace_id from head) and priority = (select priority from head)
       and marked_at <= now()
     order by marked_at
     limit 4 * $1::bigint
), taken as materialized (
    select customer_id
      from candidate
     where pg_try_advisory_xact_lock(hashtextextended('customer ' || customer_id, 0))
     limit (select case when priority = 0 then $1::bigint else $2 end from head)
), deleted as (
    delete from stale_customer
     where workspace_id = (select workspace_id from head) and customer_id = any (array(select customer_id from taken))
    returning workspace_id, customer_id, correlation_id, priority
), locked as materialized (
    select pg_advisory_xact_lock_shared(hashtextextended('segments ' || workspace_id, 0)) from head
)
select workspace_id, customer_id, max(correlation_id) as correlation_id, bool_or(priority <> 1) as figures
  from deleted cross join (select count(*) from locked) l
 group by workspace_id, customer_id
 order by customer_id
