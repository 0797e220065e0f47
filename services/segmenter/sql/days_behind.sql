-- The workspaces where another day has begun than the one their figures stand at. No parameters.
-- Reads workspace, ranking_state. Returns workspace_id.
select w.id as workspace_id
  from workspace w
  left join ranking_state r on r.workspace_id = w.id
 where ((now() + w.clock_offset) at time zone w.timezone)::date is distinct from r.as_of
 order by w.id
