-- What may make an event of these customers matter: who waits for what in a workspace.
--
-- Parameters  workspace, customers.
-- Reads       sequence, sequence_version, alert_rule, enrollment; writes nothing.
-- Returns     rows (kind, id, event): segment_entered and segment_left with the segment that starts a sequence, event
--             with the type that starts one, alert with a rule that watches figures of customers, running with a
--             customer who is in a sequence.
select s.trigger_type as kind, s.trigger_segment_id as id, v.definition #>> '{trigger,event}' as event
  from sequence s
  join sequence_version v on v.workspace_id = s.workspace_id and v.sequence_id = s.id
                         and v.definition_version = s.definition_version
 where s.workspace_id = :workspace and s.status = 'active' and s.deleted_at is null
   and s.trigger_type in ('segment_entered', 'segment_left', 'event')
union all
select 'alert', id, null
  from alert_rule
 where workspace_id = :workspace and active and deleted_at is null and metric not like 'kpi.%'
union all
select 'running', customer_id, null
  from enrollment
 where workspace_id = :workspace and customer_id = any (cast(:customers as uuid[])) and status = 'active'
