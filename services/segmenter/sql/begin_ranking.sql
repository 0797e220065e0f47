-- Begin to rank a workspace, unless another run is at it: then there is no row. Parameter: $1 workspace.
-- Reads ranking_state, takes the advisory lock of this workspace's ranking until the transaction ends.
-- Returns the number of changes that the run will reflect at least, and whether rank numbers must all be written:
-- nothing but them is behind, or they are for long.
select changes,
       changes = ranked_changes or coalesce(ranks_behind_since < now() - interval '30 seconds', false) as settled
  from ranking_state
 where workspace_id = $1 and pg_try_advisory_xact_lock(hashtextextended('ranking ' || workspace_id, 0))
