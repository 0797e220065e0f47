-- Merge a slice of an opportunities file. The caller has locked the customers that it names.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which), $5 now; of the workspace:
--   $6 its date today, $7 its currency.
-- Reads: import_opportunity_row, customer, user_account, product, opportunity. Writes: opportunity.
-- One that comes as won or lost without a day was closed today. Products are told by their name, blanks and case aside.
-- Safe to repeat: a recorded external_id adds nothing.
-- When another transaction takes an external_id at the same moment, the unique key refuses: undo and do it again.
-- Returns one row: how many were added, the customers touched, how many were recorded just so before, and the faults as
-- JSON.
-- Lookups join on the columns of the slice, not on parameters: the planner then reckons with the table as it is, and
-- not with the rows that it believes this workspace to have, which just after an import are often none.
with slice as materialized (
    select r.*
      from import_opportunity_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
),
catalogue as materialized (
    select replace(fold(p.name), ' ', '') as key, (array_agg(p.id order by p.id))[1] as id
      from product p
     where p.workspace_id = $1
     group by 1
),
known as materialized (
    select s.*, c.id as customer_id, u.id as owner_id, p.id as product_id
      from slice s
      left join customer c
        on c.workspace_id = s.workspace_id and c.external_id = s.customer_external_id and c.deleted_at is null
      left join user_account u on u.workspace_id = s.workspace_id and lower(u.email) = lower(s.owner_email)
      left join catalogue p on p.key = replace(fold(s.product_name), ' ', '')
),
judged as materialized (
    select s.*,
           case when o.id is not null
                     and (o.name, o.stage, o.customer_id, o.amount, o.currency::text, o.probability_pct, o.owner_id,
                          o.product_id, o.engaged_on, o.expected_close_on, o.closed_on)
                         is not distinct from
                         (s.name, s.stage, coalesce(s.customer_id, o.customer_id), coalesce(s.amount, o.amount),
                          coalesce(s.currency, o.currency::text), coalesce(s.probability_pct, o.probability_pct),
                          coalesce(s.owner_id, o.owner_id), coalesce(s.product_id, o.product_id),
                          coalesce(s.engaged_on, o.engaged_on), coalesce(s.expected_close_on, o.expected_close_on),
                          coalesce(s.closed_on, o.closed_on))
                then 'unchanged'
                when o.id is not null then 'duplicate.recorded'
                when s.customer_external_id is not null and s.customer_id is null then 'unknown_customer.none'
           end as why
      from known s
      left join opportunity o on o.workspace_id = s.workspace_id and o.external_id = s.external_id
),
added as (
    insert into opportunity (workspace_id, customer_id, external_id, name, stage, amount, currency, probability_pct,
                             owner_id, product_id, engaged_on, expected_close_on, closed_on, created_at, updated_at)
    select $1, j.customer_id, j.external_id, j.name, j.stage, j.amount, coalesce(j.currency, $7), j.probability_pct,
           j.owner_id, j.product_id, j.engaged_on, j.expected_close_on,
           coalesce(j.closed_on, case when j.stage in ('won', 'lost') then $6::date end), $5, $5
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
