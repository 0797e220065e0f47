-- What still has to happen in a workspace before its test clock may go on: 0 when the segmenter is done with the day and
-- every event was published.
--
-- Parameters  workspace_id.
-- Reads       workspace, outbox, stale_customer, stale_segment, ranking_state, ranking_progress. Writes
--             nothing.
-- Returns     one number. Figures that nobody ever computed are not waited for.
select (select count(*) from outbox o where o.workspace_id = :workspace_id)
     + (select count(*)
          from ranking_state r
          join workspace w on w.id = r.workspace_id
         where r.workspace_id = :workspace_id
           and (r.as_of < ((now() + w.clock_offset) at time zone w.timezone)::date
                or exists (select from stale_customer s
                            where s.workspace_id = :workspace_id and s.marked_at <= now())
                or exists (select from stale_segment s where s.workspace_id = :workspace_id)
                or exists (select from ranking_progress p where p.workspace_id = :workspace_id and p.behind)))
