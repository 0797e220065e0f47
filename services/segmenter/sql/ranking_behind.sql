-- The workspaces to rank: an input changed, or rank numbers were left behind and it has been quiet for a while, or they
-- have been for too long. No parameters. Reads ranking_state, writes nothing.
select workspace_id
  from ranking_state
 where changes > ranked_changes
    or ranks_behind_since is not null
   and (ranked_at < now() - interval '700 milliseconds' or ranks_behind_since < now() - interval '30 seconds')
 order by dirty_since nulls last
