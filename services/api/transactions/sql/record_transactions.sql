-- Record transactions of customers that the caller has locked, each with its event. One round trip, whatever the number.
-- Parameters: $1 workspace, $2 its time zone, $3 its currency, $4 now; arrays of equal length: $5 index, $6 customer,
--   $7 external_id, $8 order_id, $9 kind, $10 occurred_at, $11 amount, $12 currency, $13 cost, $14 lines (JSON text),
--   $15 the amount as the event says it; then $16 correlation id.
-- Reads: transaction, exchange_rate. Writes: transaction, outbox.
-- Safe to repeat: a known external_id writes nothing.
-- Returns, per index: the id of the new row, or the reason (I7) why there is none. Neither means that another
-- transaction has just taken the external_id: look for it.
with given as materialized (
    select g.*, uuidv7() as id, (g.occurred_at at time zone $2)::date as day
      from unnest($5::int[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::numeric[],
                  $12::text[], $13::numeric[], $14::text[], $15::text[])
           as g (index, customer_id, external_id, order_id, kind, occurred_at, amount, currency, cost, lines, said)
),
-- T2: an order has the day and currency of its first sale, by instant, then by reference in code points. The rows of
-- this batch count, whatever becomes of them below: the order of arrival has no influence.
sale as (
    select g.customer_id, g.order_id, g.occurred_at, g.currency, coalesce(g.external_id, g.id::text) as reference
      from given g
     where g.kind = 'sale'
       and g.order_id is not null
    union all
    select t.customer_id, t.order_id, t.occurred_at, t.currency::text, coalesce(t.external_id, t.id::text)
      from (select distinct customer_id, order_id from given where order_id is not null) o
      join transaction t on t.workspace_id = $1 and t.customer_id = o.customer_id and t.order_id = o.order_id
     where t.kind = 'sale'
),
opening as materialized (
    select distinct on (customer_id, order_id) customer_id, order_id, currency,
           (occurred_at at time zone $2)::date as day
      from sale
     order by customer_id, order_id, occurred_at, reference collate "C"
),
-- C1: a refund takes the rate of its order's day, any other row that of its own.
checked as materialized (
    select g.*,
           case when g.currency <> o.currency then 'currency_mismatch'
                when g.currency <> $3
                     and not exists (select from exchange_rate x
                                      where x.workspace_id = $1
                                        and x.currency = g.currency
                                        and x.date <= case when g.kind = 'refund' then coalesce(o.day, g.day)
                                                           else g.day end)
                then 'missing_fx' end as reason
      from given g
      left join opening o on o.customer_id = g.customer_id and o.order_id = g.order_id
),
recorded as (
    insert into transaction (workspace_id, id, customer_id, external_id, order_id, kind, occurred_at, amount, currency,
                             cost, lines, created_at)
    select $1, c.id, c.customer_id, c.external_id, c.order_id, c.kind, c.occurred_at, c.amount, c.currency, c.cost,
           c.lines::jsonb, $4
      from checked c
     where c.reason is null
     order by c.index
    on conflict (workspace_id, external_id) where external_id is not null do nothing
    returning id
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, c.customer_id, 'transaction.recorded',
           jsonb_build_object('customer_id', c.customer_id, 'transaction_id', c.id, 'kind', c.kind, 'amount', c.said,
                              'currency', c.currency), $4, $16
      from checked c
      join recorded r on r.id = c.id
     order by c.index
)
select c.index, r.id, c.reason
  from checked c
  left join recorded r on r.id = c.id
