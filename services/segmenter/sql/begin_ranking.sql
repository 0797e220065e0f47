-- Begin to rank a workspace, unless another run is at it: then there is no row.
-- Parameters $1 workspace, $2 the size of a portfolio from which on rank numbers wait for a quiet moment.
-- Reads ranking_progress, ranking_state, stale_ranking; takes the advisory lock of this workspace's ranking until the
-- transaction ends.
-- Returns basis: what the run will stand on; everybody: it is another than the last run's, or so many customers moved
-- that looking at each costs less than looking them up; unfinished: the last run did not write all it found; ranks:
-- whether rank numbers are due, since the portfolio is small, nothing else is behind, or they are for long.
select p.basis, p.anew or stale * 10 > population as everybody, p.unfinished,
       population < $2 or not p.behind or coalesce(ranks_behind_since < now() - interval '30 seconds', false) as ranks
  from ranking_progress p
  join ranking_state using (workspace_id)
 cross join lateral (select count(*) as stale from stale_ranking s where s.workspace_id = p.workspace_id) q
 where p.workspace_id = $1 and pg_try_advisory_xact_lock(hashtextextended('ranking ' || p.workspace_id, 0))
