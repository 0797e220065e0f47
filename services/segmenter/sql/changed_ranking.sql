-- Count one more transaction that changed an input of the ranking. Parameter: $1 workspace.
-- Writes ranking_state. It is the last statement before the commit: the row is one per workspace, and locked till then.
insert into ranking_state as r (workspace_id, changes, dirty_since)
values ($1, 1, now())
on conflict (workspace_id) do update set changes = r.changes + 1, dirty_since = coalesce(r.dirty_since, now())
