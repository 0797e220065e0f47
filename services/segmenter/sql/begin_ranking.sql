-- Begin to rank a workspace, unless another run is at it: then there is no row.
-- Parameters $1 workspace, $2 the size of a portfolio from which on rank numbers wait for a quiet moment.
-- Reads ranking_state, takes the advisory lock of this workspace's ranking until the transaction ends.
-- Returns the number of changes that the run will reflect at least, and whether it writes rank numbers: the portfolio is
-- small, nothing but them is behind, or they are for long.
select changes,
       population < $2 or changes = ranked_changes
       or coalesce(ranks_behind_since < now() - interval '30 seconds', false) as ranks
  from ranking_state
 where workspace_id = $1 and pg_try_advisory_xact_lock(hashtextextended('ranking ' || workspace_id, 0))
