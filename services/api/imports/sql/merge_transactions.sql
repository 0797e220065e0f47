-- Merge a slice of a transactions file. The caller has locked the customers that it names.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which), $5 now; of the workspace:
--   $6 its time zone, $7 its currency.
-- Reads: import_transaction_row, customer, transaction, exchange_rate. Writes: transaction.
-- Safe to repeat: a recorded external_id adds nothing.
-- When another transaction takes an external_id at the same moment, the unique key refuses: undo and do it again.
-- Returns one row: how many were added, the customers touched, how many were recorded just so before, and the faults as
-- JSON.
-- Lookups join on the columns of the slice, not on parameters: the planner then reckons with the table as it is, and
-- not with the rows that it believes this workspace to have, which just after an import are often none.
with slice as materialized (
    select r.*, coalesce(r.currency, $7) as paid_in
      from import_transaction_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
),
known as materialized (
    select s.*, c.id as customer_id, t.id as recorded,
           t.id is not null
           and (t.customer_id, t.kind, t.occurred_at, t.amount, t.currency::text, t.order_id, t.cost)
               is not distinct from
               (c.id, s.kind, s.occurred_at, s.amount, s.paid_in, coalesce(s.order_id, t.order_id),
                coalesce(s.cost, t.cost)) as same
      from slice s
      left join customer c
        on c.workspace_id = s.workspace_id and c.external_id = s.customer_external_id and c.deleted_at is null
      left join transaction t on t.workspace_id = s.workspace_id and t.external_id = s.external_id
),
orders as materialized (
    select distinct k.workspace_id, k.import_id, k.customer_external_id, k.customer_id, k.order_id
      from known k
     where k.order_id is not null
       and k.customer_id is not null
),
-- T2: an order has the day and currency of its first sale, by instant, then by reference in code points. All rows of
-- the file count, whatever becomes of them, so their order has no influence; of recorded ones, what is recorded counts.
sale as (
    select o.customer_id, o.order_id, r.occurred_at, coalesce(r.currency, $7) as currency, r.external_id as reference
      from orders o
      join import_transaction_row r
        on r.workspace_id = o.workspace_id and r.import_id = o.import_id
       and r.customer_external_id = o.customer_external_id and r.order_id = o.order_id
     where r.kind = 'sale'
       and not exists (select from transaction t
                        where t.workspace_id = r.workspace_id and t.external_id = r.external_id)
    union all
    select o.customer_id, o.order_id, t.occurred_at, t.currency::text, coalesce(t.external_id, t.id::text)
      from orders o
      join transaction t
        on t.workspace_id = o.workspace_id and t.customer_id = o.customer_id and t.order_id = o.order_id
     where t.kind = 'sale'
),
opening as materialized (
    select distinct on (customer_id, order_id) customer_id, order_id, currency,
           (occurred_at at time zone $6)::date as day
      from sale
     order by customer_id, order_id, occurred_at, reference collate "C"
),
-- C1: a refund takes the rate of its order's day, any other row that of its own.
judged as materialized (
    select k.*,
           case when k.same then 'unchanged'
                when k.recorded is not null then 'duplicate.recorded'
                when k.customer_id is null then 'unknown_customer.none'
                when k.paid_in <> o.currency then 'currency_mismatch'
                when k.paid_in <> $7
                     and not exists (select from exchange_rate x
                                      where x.workspace_id = k.workspace_id
                                        and x.currency = k.paid_in
                                        and x.date <= case when k.kind = 'refund' and o.day is not null then o.day
                                                           else (k.occurred_at at time zone $6)::date end)
                then 'missing_fx' end as why
      from known k
      left join opening o on o.customer_id = k.customer_id and o.order_id = k.order_id
),
added as (
    insert into transaction (workspace_id, customer_id, external_id, order_id, kind, occurred_at, amount, currency,
                             cost, created_at)
    select $1, j.customer_id, j.external_id, j.order_id, j.kind, j.occurred_at, j.amount, j.paid_in, j.cost, $5
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
           'field', case when j.why like 'duplicate%' then 'external_id'
                         when j.why like 'unknown%' then 'customer_external_id' else 'currency' end,
           'value', case when j.why like 'duplicate%' then j.external_id
                         when j.why like 'unknown%' then j.customer_external_id else j.paid_in end
       ) order by j.line_number) filter (where j.why <> 'unchanged'), '[]')::text as faults
  from judged j
