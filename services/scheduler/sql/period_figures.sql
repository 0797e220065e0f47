-- Revenue, orders and active clients of a set of customers over a span of days (rules T1-T5, C1, C2, K1, K3).
--
-- Parameters  workspace_id, customers (uuid[]), zone, currency, minor_units, first_day, last_day, active_after (the day
--             12 months before last_day, which is excluded).
-- Reads       transaction, exchange_rate. Writes nothing.
-- Returns     one row: revenue, orders, active_clients. Rows after last_day do not exist for it (D3).
with line as (
    select t.customer_id, t.kind, t.occurred_at, d.day, t.amount, t.currency,
           coalesce(t.external_id, t.id::text) collate "C" as reference,
           coalesce('order ' || nullif(t.order_id, ''), case when t.kind = 'sale' then 'sale ' || t.id end) as order_key
      from transaction t
     cross join lateral (select (t.occurred_at at time zone :zone)::date as day) d
     where t.workspace_id = :workspace_id and t.customer_id = any(:customers) and d.day <= :last_day
), dated as (
    -- T2: the day and currency of an order are those of its first sale row.
    select line.*, first_value(day) over ranked as order_day, first_value(currency) over ranked as order_currency,
           first_value(kind) over ranked = 'sale' as attached
      from line
    window ranked as (partition by customer_id, order_key order by kind = 'sale' desc, occurred_at, reference)
), booked as (
    -- C1, C2. A row of another currency than its order, or of a currency nobody knows the rate of, has no effect (I7).
    select dated.customer_id, day, order_key, order_day, order_key is not null and attached as attached, amount,
           round(amount * fx.rate, :minor_units) as value
      from dated
     cross join lateral (
           select case when dated.currency = :currency then 1
                  else (select x.rate
                          from exchange_rate x
                         where x.workspace_id = :workspace_id and x.currency = dated.currency
                           and x.date <= case when dated.attached and dated.kind = 'refund'
                                              then dated.order_day else dated.day end
                         order by x.date desc limit 1) end as rate) fx
     where fx.rate is not null and (not attached or dated.currency = order_currency)
), kept as (
    -- T3: an order is kept while its rows, in its own currency, come to more than zero.
    select customer_id, order_day
      from booked
     where attached
     group by customer_id, order_key, order_day
    having sum(amount) > 0
)
select (select coalesce(sum(value), 0) from booked where day >= :first_day) as revenue,
       (select count(*) from kept where order_day >= :first_day) as orders,
       (select count(distinct customer_id) from kept where order_day > :active_after) as active_clients
