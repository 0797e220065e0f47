-- Take the most urgent stale customers of one workspace out of the set, and keep its segments as they are until commit.
--
-- Parameters  $1 how many at most if events marked them, $2 otherwise: an event that comes meanwhile waits for these.
-- Reads       stale_customer. Writes: deletes from it. Takes the shared advisory lock of the workspace's segments.
-- Returns     workspace_id, customer_id, correlation_id; nothing when there is nothing, or others are at it.
-- Repeatable  A rollback brings the marks back. Rows that another replica is taking are skipped.
with head as materialized (
    select workspace_id, priority
      from stale_customer
     where marked_at <= now()
     order by priority, marked_at
     limit 1
       for update skip locked
), taken as materialized (
    select workspace_id, customer_id
      from stale_customer
     where workspace_id = (select workspace_id from head) and priority = (select priority from head)
       and marked_at <= now()
     order by marked_at
     limit (select case when priority = 0 then $1::bigint else $2 end from head)
       for update skip locked
), deleted as (
    delete from stale_customer s using taken
     where s.workspace_id = taken.workspace_id and s.customer_id = taken.customer_id
    returning s.workspace_id, s.customer_id, s.correlation_id
), locked as materialized (
    select pg_advisory_xact_lock_shared(hashtextextended('segments ' || workspace_id, 0)) from head
)
select deleted.* from deleted cross join (select count(*) from locked) l order by customer_id
