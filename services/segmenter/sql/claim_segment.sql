-- Take one stale segment out of the set, and hold off the recomputations of its workspace until commit.
-- No parameters. Reads stale_segment, deletes from it, takes the exclusive advisory lock of the workspace's segments.
-- Returns workspace_id, segment_id, correlation_id, or nothing. A rollback brings the mark back.
with taken as materialized (
    select workspace_id, segment_id from stale_segment where marked_at <= now() order by marked_at limit 1
       for update skip locked
), deleted as (
    delete from stale_segment s using taken
     where s.workspace_id = taken.workspace_id and s.segment_id = taken.segment_id
    returning s.workspace_id, s.segment_id, s.correlation_id
), locked as materialized (
    select pg_advisory_xact_lock(hashtextextended('segments ' || workspace_id, 0)) from taken
)
select deleted.* from deleted cross join (select count(*) from locked) l
