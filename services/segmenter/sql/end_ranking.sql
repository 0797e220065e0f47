-- Note what a run reflects. Parameters: $1 workspace, $2 the changes it began with, $3 population, $4 whether rank
-- numbers were left behind. Writes ranking_state; the last statement of the run, so the row is locked but a moment.
update ranking_state
   set ranked_changes = greatest(ranked_changes, $2), ranked_at = now(), population = $3,
       dirty_since = case when changes > $2 then now() end,
       ranks_behind_since = case when $4 then coalesce(ranks_behind_since, now()) end
 where workspace_id = $1
