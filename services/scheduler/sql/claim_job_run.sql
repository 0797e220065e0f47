-- Claim one periodic job at one planned time. The primary key is the lock between processes.
--
-- Parameters  workspace_id, job, scheduled_for, now, max_attempts, retry_after (interval).
-- Writes      job_run.
-- Returns     attempts of the claimed run, or no row if it was done, is being done, or failed too often or just now.
-- Repeatable  The claim is in the transaction of the work: a crash undoes both, a commit keeps both.
insert into job_run (workspace_id, job, scheduled_for, status, started_at)
values (:workspace_id, :job, :scheduled_for, 'finished', :now)
on conflict (workspace_id, job, scheduled_for) do update
   set status = 'finished', attempts = job_run.attempts + 1, started_at = excluded.started_at, error = null
 where job_run.status = 'failed' and job_run.attempts < :max_attempts
   and job_run.started_at < excluded.started_at - cast(:retry_after as interval)
returning attempts
