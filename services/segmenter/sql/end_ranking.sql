-- Note what a run stands on. Parameters: $1 workspace, $2 its basis, $3 whether it found more new classes than it wrote,
-- $4 whether rank numbers were left behind. Reads ranking_bucket. Writes ranking_state; the last statement of the run, so
-- the row is locked but a moment.
update ranking_state
   set basis = $2, unfinished = $3, ranked_at = now(),
       population = (select coalesce(sum(customers), 0) from ranking_bucket where workspace_id = $1 and axis = 'revenue'),
       ranks_behind_since = case when $4 then coalesce(ranks_behind_since, now()) end
 where workspace_id = $1
returning population
