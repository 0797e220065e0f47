-- Take the oldest import that nobody works on, for a while.
-- Parameters: $1 token of the lease, $2 how long it lasts.
-- Reads: import, workspace. Writes: import. Safe to repeat: a claimed import is passed over until its lease runs out.
-- Returns the import and what its workspace says about place, money and language; no row when there is nothing to do.
with free as (
    select i.workspace_id, i.id
      from import i
     where i.status in ('received', 'parsing', 'merging')
       and (i.lease_until is null or i.lease_until < now())
     order by i.created_at
     limit 1
       for update skip locked
)
update import i
   set lease_token = $1,
       lease_until = now() + $2,
       attempts = i.attempts + 1,
       status = case i.status when 'received' then 'parsing' else i.status end,
       started_at = coalesce(i.started_at, workspace_now(i.workspace_id))
  from free, workspace w
 where i.workspace_id = free.workspace_id
   and i.id = free.id
   and w.id = free.workspace_id
returning i.workspace_id, i.id, i.entity, i.filename, i.mapping, i.dry_run, i.status, i.staged_through,
          i.merged_through, i.attempts, i.correlation_id, i.columns, w.timezone, w.currency, w.language
