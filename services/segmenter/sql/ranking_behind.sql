-- The workspaces to rank: an input changed, or rank numbers were left behind and it has been quiet for a while, or they
-- have been for too long. While events pile up, classes wait for the figures, which change them again, but not for long.
-- No parameters. Reads ranking_state, stale_customer; writes nothing.
with pile as materialized (
    select count(*) >= 1000 as high from (select from stale_customer where priority = 0 limit 1000) urgent
)
select workspace_id
  from ranking_state cross join pile
 where changes > ranked_changes and (not pile.high or dirty_since < now() - interval '10 seconds')
    or ranks_behind_since is not null
   and (ranked_at < now() - interval '700 milliseconds' and changes = ranked_changes
        or ranks_behind_since < now() - interval '30 seconds')
 order by dirty_since nulls last
