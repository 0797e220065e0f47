-- Which due actions wait, the latest first. Nothing is locked: whoever does one claims it then.
--
-- Parameters  limit.
-- Reads       workspace, due_action (by its index, per workspace). Writes nothing.
-- Returns     workspace_id, id, lateness (an interval, on the workspace's own clock).
select w.id as workspace_id, d.id, now() + w.clock_offset - d.due_at as lateness
  from workspace w
 cross join lateral (
       select a.id, a.due_at
         from due_action a
        where a.workspace_id = w.id and a.due_at <= now() + w.clock_offset
        order by a.due_at
        limit :limit) d
 order by lateness desc
 limit :limit
