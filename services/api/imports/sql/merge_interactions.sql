-- Merge a slice of an interactions file. The caller has locked the customers that it names.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which), $5 now.
-- Reads: import_interaction_row, customer, interaction. Writes: interaction.
-- Safe to repeat: a recorded external_id adds nothing.
-- When another transaction takes an external_id at the same moment, the unique key refuses: undo and do it again.
-- Returns one row: how many were added, the customers touched, how many were recorded just so before, and the faults as
-- JSON.
-- Lookups join on the columns of the slice, not on parameters: the planner then reckons with the table as it is, and
-- not with the rows that it believes this workspace to have, which just after an import are often none.
with slice as materialized (
    select r.*
      from import_interaction_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
),
judged as materialized (
    select s.*, c.id as customer_id,
           case when i.id is not null
                     and (i.customer_id, i.kind, i.occurred_at, i.direction, i.duration_seconds, i.subject, i.body,
                          i.message_id, i.cost)
                         is not distinct from
                         (c.id, s.kind, s.occurred_at, coalesce(s.direction, i.direction),
                          coalesce(s.duration_seconds, i.duration_seconds), coalesce(s.subject, i.subject),
                          coalesce(s.body, i.body), coalesce(s.message_id, i.message_id), coalesce(s.cost, i.cost))
                then 'unchanged'
                when i.id is not null then 'duplicate.recorded'
                when c.id is null then 'unknown_customer.none' end as why
      from slice s
      left join customer c
        on c.workspace_id = s.workspace_id and c.external_id = s.customer_external_id and c.deleted_at is null
      left join interaction i on i.workspace_id = s.workspace_id and i.external_id = s.external_id
),
added as (
    insert into interaction (workspace_id, customer_id, external_id, kind, direction, occurred_at, duration_seconds,
                             subject, body, message_id, cost, created_at)
    select $1, j.customer_id, j.external_id, j.kind, j.direction, j.occurred_at, j.duration_seconds, j.subject, j.body,
           j.message_id, j.cost, $5
      from judged j
     where j.why is null
     order by j.line_number
    returning customer_id
)
select (select count(*) from added) as added,
       (select coalesce(array_agg(distinct a.customer_id) filter (where a.customer_id is not null), '{}')
          from added a) as touched,
       count(*) filter (where j.why = 'unchanged') as unchanged,
       coalesce(jsonb_agg(jsonb_build_object(
           'line', j.line_number, 'why', j.why,
           'field', case when j.why like 'duplicate%' then 'external_id' else 'customer_external_id' end,
           'value', case when j.why like 'duplicate%' then j.external_id else j.customer_external_id end
       ) order by j.line_number) filter (where j.why <> 'unchanged'), '[]')::text as faults
  from judged j
