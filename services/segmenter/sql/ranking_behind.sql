-- The workspaces to rank: classes are behind, or rank numbers were left behind and it has been quiet for a while, or they
-- have been for too long. While figures pile up, classes wait for them, which will move classes again, but not for long.
-- Where very many classes change, the next of them wait until the events of the last were published.
-- Parameter: $1 how many events to publish are too many.
-- Reads ranking_progress, ranking_state, stale_customer, outbox; writes nothing.
with pile as materialized (
    select (select count(*) >= 1000
              from (select from stale_customer where priority in (0, 2) limit 1000) figures) as high,
           (select count(*) >= $1 from (select from outbox limit $1) waiting) as full_outbox
)
select workspace_id
  from ranking_progress p
  join ranking_state r using (workspace_id)
 cross join pile
 where behind and not (p.unfinished and full_outbox)
   and (not high or coalesce(ranked_at < now() - interval '3 seconds', true))
    or ranks_behind_since is not null
   and (not behind and ranked_at < now() - interval '700 milliseconds'
        or ranks_behind_since < now() - interval '30 seconds')
 order by ranked_at nulls first
