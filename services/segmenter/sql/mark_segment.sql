-- Have the members of a segment found anew. Parameters: workspace, segment, correlation.
-- Reads nothing, writes stale_segment. Repeatable.
insert into stale_segment as s (workspace_id, segment_id, correlation_id)
values (:workspace, :segment, :correlation)
on conflict (workspace_id, segment_id) do update set marked_at = s.marked_at
