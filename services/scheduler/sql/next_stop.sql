-- Where an advancing test clock has to stop next: at its target, at the next local midnight of anybody, or when the next
-- step or message is due. Hours in between can bring nothing: figures stand for a whole local day, and jobs look back.
--
-- Parameters  workspace_id.
-- Reads       workspace, customer, due_action, message. Writes nothing.
-- Returns     one row: now, stop; no row for a workspace that is no sandbox.
select c.now, least(c.target, m.midnight, d.due_at, q.next_try_at) as stop
  from (select now() + w.clock_offset as now, w.clock_target as target, w.timezone
          from workspace w
         where w.id = :workspace_id and w.sandbox) c
 cross join lateral (
       select min((date_trunc('day', c.now at time zone z.zone) + interval '1 day') at time zone z.zone) as midnight
         from (select c.timezone as zone
               union
               select k.timezone
                 from customer k
                where k.workspace_id = :workspace_id and k.deleted_at is null and k.timezone is not null) z) m
 cross join lateral (
       select min(a.due_at) as due_at
         from due_action a
        where a.workspace_id = :workspace_id and a.due_at > c.now) d
 cross join lateral (
       select min(e.next_try_at) as next_try_at
         from message e
        where e.workspace_id = :workspace_id and e.status = 'queued' and e.next_try_at > c.now) q
