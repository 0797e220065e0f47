-- Have the segments found anew that ask for membership of another. Parameters: $1 workspace, $2 those segments, $3
-- correlation id. Writes stale_segment. Repeatable.
insert into stale_segment as s (workspace_id, segment_id, correlation_id)
select $1, segment_id, $3 from unnest($2::uuid[]) as segment_id order by segment_id
on conflict (workspace_id, segment_id) do update set marked_at = s.marked_at
