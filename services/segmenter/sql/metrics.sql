-- Compute the figures of a set of customers from their facts, write what differs, its history and its events.
--
-- Parameters  $1 workspace, $2 customers, $3 the correlation id of each one's mark, $4 terms: the day, the zone, the
--             currency and the bounds of every window (services.segmenter.terms).
-- Reads       customer, transaction, exchange_rate, interaction, complaint, survey_response, message, message_event.
-- Writes      customer_metrics, score_history, outbox; stale_ranking where an input of the ranking moved.
-- Returns     one row: customers written; whether an input of the ranking changed; customers that are gone.
-- Repeatable  A second run finds nothing different, so it writes no row, no history and no event.
--
-- Every window (X - n, X] is given by its excluded first day, so "in the window" reads `day > …_after` (D2); rows after
-- the day are dropped where a table is read (D3).
with terms as materialized (
    select *
      from jsonb_to_record($4) as t (
           today date, now timestamptz, zone text, currency text, minor_units int,
           window_after date, lost_until date, dormant_days int, survey_after date, engagement_after date,
           activity_after date, activity_before_after date, activity_pct numeric, complaints_after date,
           complaints_min int, rhythm_days int, rhythm_factor numeric, nps_max int, csat_max int, delivered_min int,
           half_life_days int, lead_threshold float8, lead_low float8, lead_high float8)
), subject as materialized (
    select c.id as customer_id, coalesce(nullif(c.external_id, ''), c.id::text) as tie_break, c.lead_fit,
           round(c.potential_annual_revenue, terms.minor_units) as potential, m.correlation_id
      from terms
      join unnest($2::uuid[], $3::text[]) as m (customer_id, correlation_id) on true
      join customer c on c.workspace_id = $1 and c.id = m.customer_id and c.deleted_at is null
),
-- Orders and money -------------------------------------------------------------------------------------------------
line as (
    select t.customer_id, t.kind, t.occurred_at, d.day, t.amount, t.currency, t.cost,
           coalesce(t.external_id, t.id::text) collate "C" as reference,
           coalesce('order ' || nullif(t.order_id, ''), case when t.kind = 'sale' then 'sale ' || t.id end) as order_key
      from terms
      join subject s on true
      join transaction t on t.workspace_id = $1 and t.customer_id = s.customer_id
     cross join lateral (select (t.occurred_at at time zone terms.zone)::date as day) d
     where d.day <= terms.today
), dated as (
    -- T2: the day and currency of an order are those of its first sale row.
    select line.*, first_value(day) over ranked as order_day, first_value(currency) over ranked as order_currency,
           first_value(kind) over ranked = 'sale' as attached
      from line
    window ranked as (partition by customer_id, order_key order by kind = 'sale' desc, occurred_at, reference)
), booked as (
    -- C1, C2. A row of another currency than its order, or of a currency nobody knows the rate of, has no effect (I7).
    select dated.customer_id, kind, day, order_key, order_day, attached, amount,
           round(amount * fx.rate, terms.minor_units) as value,
           round(coalesce(cost, case when kind = 'refund' then 0 end) * fx.rate, terms.minor_units) as cost
      from terms
      join dated on true
     cross join lateral (
           select case when dated.currency = terms.currency then 1
                  else (select x.rate
                          from exchange_rate x
                         where x.workspace_id = $1 and x.currency = dated.currency
                           and x.date <= case when dated.attached and dated.kind = 'refund'
                                              then dated.order_day else dated.day end
                         order by x.date desc limit 1) end as rate) fx
     where fx.rate is not null and (not attached or dated.currency = order_currency)
), money as (
    select customer_id,
           sum(value) filter (where day > window_after) as revenue,
           sum(value - cost) filter (where day > window_after) as margin,
           bool_or(cost is null) filter (where day > window_after) as margin_unknown,
           sum(value) filter (where day > activity_after) as revenue_recent,
           sum(value) filter (where day > activity_before_after and day <= activity_after) as revenue_before
      from terms join booked on true
     group by customer_id
), purchase as (
    -- T3: an order is kept while its rows, in its own currency, come to more than zero.
    select customer_id, order_day as day, count(*) as orders
      from (select customer_id, order_key, order_day
              from booked where attached
             group by customer_id, order_key, order_day
            having sum(amount) > 0) kept
     group by customer_id, order_day
), purchases as (
    select customer_id, min(day) as first_purchase, max(day) as last_purchase, count(*) as purchase_days,
           sum(orders) filter (where day > window_after) as orders,
           (percentile_cont(0.5) within group (order by gap))::numeric as median_gap
      from terms
      join (select *, day - lag(day) over (partition by customer_id order by day) as gap from purchase) p on true
     group by customer_id
),
-- Contacts, messages and answers -----------------------------------------------------------------------------------
contact as materialized (
    select i.customer_id, i.kind, d.day, nullif(i.message_id, '') as message_id, i.cost
      from terms
      join subject s on true
      join interaction i on i.workspace_id = $1 and i.customer_id = s.customer_id
     cross join lateral (select (i.occurred_at at time zone terms.zone)::date as day) d
     where d.day <= terms.today
), effort as (
    select customer_id,
           sum(round(cost, minor_units)) filter (where day > window_after) as cost_to_serve,
           count(*) filter (where kind = 'social' and day > engagement_after) as social,
           count(*) filter (where kind = 'complaint' and day > complaints_after) as complaints
      from terms join contact on true
     group by customer_id
), interest as (
    -- L1. Points that cancel out or add up to a whole must do so exactly, also in floating point: halvings are summed
    -- first, per remainder of the age, and only then multiplied by a root of two.
    select customer_id, sum(points * power(2::float8, -remainder / half_life_days::float8)) as points
      from terms
      join (select customer_id, (today - day) % half_life_days as remainder,
                   sum(p.points * power(2::float8, -((today - day) / half_life_days))) as points
              from terms
              join contact on true
              join (values ('email_opened', 1), ('email_clicked', 3), ('social', 2), ('web_visit', 2),
                           ('download', 10), ('form', 15), ('call', 5), ('meeting', 20), ('event', 10),
                           ('unsubscribe', -20)) as p (kind, points) using (kind)
             group by customer_id, remainder) weighed on true
     group by customer_id
), grievance as (
    select customer_id, count(*) as complaints
      from terms
      join subject s on true
      join complaint c using (customer_id)
     cross join lateral (select (c.occurred_at at time zone terms.zone)::date as day) d
     where c.workspace_id = $1 and d.day > complaints_after and d.day <= today
     group by customer_id
), sent as (
    select customer_id, message_id
      from terms join contact on kind = 'email_sent' and day > engagement_after and message_id is not null
    union
    select m.customer_id, m.message_ref
      from terms
      join subject s on true
      join message m on m.workspace_id = $1 and m.customer_id = s.customer_id and m.channel = 'email'
     cross join lateral (select (m.sent_at at time zone terms.zone)::date as day) d
     where d.day > engagement_after and d.day <= today
), report as (
    select customer_id, message_id, kind
      from contact
     where kind in ('email_bounced', 'email_opened', 'email_clicked') and message_id is not null
    union all
    select sent.customer_id, sent.message_id, replace(e.kind, '.', '_')
      from terms
      join sent on true
      join message_event e on e.workspace_id = $1 and e.message_ref = sent.message_id
                          and e.customer_id = sent.customer_id
     where e.kind in ('email.bounced', 'email.opened', 'email.clicked') and not e.suspected_bot
       and (e.occurred_at at time zone terms.zone)::date <= today
), engagement as (
    -- E1: per message, and a click without an open is an open.
    select customer_id, count(*) filter (where not bounced) as delivered,
           count(*) filter (where not bounced and engaged) as opened,
           count(*) filter (where not bounced and clicked) as clicked
      from (select customer_id, message_id, coalesce(bool_or(kind = 'email_bounced'), false) as bounced,
                   coalesce(bool_or(kind in ('email_opened', 'email_clicked')), false) as engaged,
                   coalesce(bool_or(kind = 'email_clicked'), false) as clicked
              from sent left join report using (customer_id, message_id)
             group by customer_id, message_id) message
     group by customer_id
), answer as (
    select customer_id, max(score) filter (where kind = 'nps') as nps, max(score) filter (where kind = 'csat') as csat
      from (select distinct on (r.customer_id, r.kind) r.customer_id, r.kind, r.score
              from terms
              join subject s on true
              join survey_response r on r.workspace_id = $1 and r.customer_id = s.customer_id
             cross join lateral (select (r.answered_at at time zone terms.zone)::date as day) d
             where d.day > survey_after and d.day <= today
             order by r.customer_id, r.kind, r.answered_at desc,
                      coalesce(r.external_id, r.id::text) collate "C" desc) latest
     group by customer_id
),
-- Together ---------------------------------------------------------------------------------------------------------
figure as (
    select s.customer_id, s.tie_break, s.potential, p.first_purchase, p.last_purchase, p.purchase_days, p.median_gap,
           today - p.last_purchase as recency, coalesce(p.orders, 0) as orders,
           case when p.last_purchase is null then 'prospect' when p.last_purchase <= lost_until then 'lost'
                when today - p.last_purchase <= dormant_days then 'active' else 'dormant' end as status,
           coalesce(m.revenue, 0) as revenue,
           case when m.margin_unknown then null else coalesce(m.margin, 0) end as margin,
           coalesce(m.revenue_recent, 0) as revenue_recent, coalesce(m.revenue_before, 0) as revenue_before,
           coalesce(e.cost_to_serve, 0) as cost_to_serve, coalesce(e.social, 0) as social,
           coalesce(e.complaints, 0) + coalesce(g.complaints, 0) as complaints,
           coalesce(n.delivered, 0) as delivered, coalesce(n.opened, 0) as opened, coalesce(n.clicked, 0) as clicked,
           a.nps, a.csat, coalesce(i.points, 0) as points,
           greatest(lead_low, least(lead_high, s.lead_fit + coalesce(i.points, 0))) as lead_score
      from terms
      join subject s on true
      left join purchases p using (customer_id)
      left join money m using (customer_id)
      left join effort e using (customer_id)
      left join interest i using (customer_id)
      left join grievance g using (customer_id)
      left join engagement n using (customer_id)
      left join answer a using (customer_id)
), judged as (
    select figure.*, case when status in ('active', 'dormant') then array_remove(array[
               case when revenue_before > 0 and revenue_recent * 100 < revenue_before * activity_pct
                    then 'activity_drop' end,
               case when complaints >= complaints_min then 'repeated_complaints' end,
               case when purchase_days >= rhythm_days and recency > rhythm_factor * median_gap then 'overdue' end,
               case when nps <= nps_max or csat <= csat_max then 'dissatisfied' end,
               case when delivered >= delivered_min and opened = 0 then 'disengaged' end], null) end as signals
      from terms join figure on true
), written as (
    insert into customer_metrics as m (
           workspace_id, customer_id, as_of, computed_at, tie_break, status, first_purchase, last_purchase, orders,
           revenue, margin, cost_to_serve, nps_score, nps_class, csat_last, delivered, opened, clicked, social,
           churn_signals, churn_level, lead_score, qualified, inputs)
    select $1, customer_id, today, now, tie_break, status, first_purchase, last_purchase, orders, revenue, margin,
           cost_to_serve, nps, case when nps >= 9 then 'promoter' when nps >= 7 then 'passive'
                                    when nps >= 0 then 'detractor' end,
           csat, delivered, opened, clicked, social, signals,
           case cardinality(signals) when 0 then 'low' when 1 then 'medium' else case when signals is not null
                                                                                      then 'high' end end,
           lead_score, status = 'prospect' and lead_score >= lead_threshold,
           jsonb_build_object(
               'potential', potential, 'purchase_days', coalesce(purchase_days, 0), 'median_gap_days', median_gap,
               'revenue_90d', revenue_recent, 'revenue_prev_90d', revenue_before, 'complaints_90d', complaints,
               'lead_points', round(points::numeric, 6))
      from terms join judged on true
     order by customer_id
    on conflict (workspace_id, customer_id) do update set
           as_of = excluded.as_of, computed_at = excluded.computed_at, tie_break = excluded.tie_break,
           status = excluded.status, first_purchase = excluded.first_purchase, last_purchase = excluded.last_purchase,
           orders = excluded.orders, revenue = excluded.revenue, margin = excluded.margin,
           cost_to_serve = excluded.cost_to_serve, nps_score = excluded.nps_score, nps_class = excluded.nps_class,
           csat_last = excluded.csat_last, delivered = excluded.delivered, opened = excluded.opened,
           clicked = excluded.clicked, social = excluded.social, churn_signals = excluded.churn_signals,
           churn_level = excluded.churn_level, lead_score = excluded.lead_score, qualified = excluded.qualified,
           inputs = excluded.inputs,
           previous = m.previous
               || case when m.status is distinct from excluded.status
                       then jsonb_build_object('status', m.status) else '{}' end
               || case when m.nps_class is distinct from excluded.nps_class
                       then jsonb_build_object('nps_class', m.nps_class) else '{}' end
               || case when m.churn_level is distinct from excluded.churn_level
                       then jsonb_build_object('churn_risk.level', m.churn_level) else '{}' end
     where (m.tie_break, m.status, m.first_purchase, m.last_purchase, m.orders, m.revenue, m.margin, m.cost_to_serve,
            m.nps_score, m.nps_class, m.csat_last, m.delivered, m.opened, m.clicked, m.social, m.churn_signals,
            m.churn_level, m.lead_score, m.qualified, m.inputs)
           is distinct from
           (excluded.tie_break, excluded.status, excluded.first_purchase, excluded.last_purchase, excluded.orders,
            excluded.revenue, excluded.margin, excluded.cost_to_serve, excluded.nps_score, excluded.nps_class,
            excluded.csat_last, excluded.delivered, excluded.opened, excluded.clicked, excluded.social,
            excluded.churn_signals, excluded.churn_level, excluded.lead_score, excluded.qualified, excluded.inputs)
    returning new.customer_id, to_jsonb(old) as before, to_jsonb(new) as after,
           (old.status in ('active', 'dormant')) is true or new.status in ('active', 'dormant') as ranked,
           (old.status in ('active', 'dormant'), old.tie_break, old.revenue, old.margin, old.orders,
            old.last_purchase, old.cost_to_serve, old.inputs -> 'potential')
           is distinct from
           (new.status in ('active', 'dormant'), new.tie_break, new.revenue, new.margin, new.orders,
            new.last_purchase, new.cost_to_serve, new.inputs -> 'potential') as moved
), unranked as (
    insert into stale_ranking (workspace_id, customer_id) select $1, customer_id from written where ranked and moved
), change as (
    -- Amounts are decimal strings (O1). The lead score ages every day: it is news when its whole part changes.
    -- `unknown` is what is true of a customer nobody computed yet: no event tells that nothing was bought.
    select w.customer_id,
           jsonb_object_agg(n.name, a.value) as now_is,
           jsonb_object_agg(n.name, jsonb_build_object('before', b.value, 'after', a.value))
               filter (where a.compared is distinct from coalesce(b.compared, n.unknown)) as told
      from terms
      join written w on true
     cross join (values
           ('status', 'status', '', null), ('first_purchase', 'first_purchase', '', null),
           ('last_purchase', 'last_purchase', '', null), ('orders', 'orders', '', '0'),
           ('revenue', 'revenue', 'money', '0'), ('margin', 'margin', 'money', '0'),
           ('cost_to_serve', 'cost_to_serve', 'money', '0'), ('nps_score', 'nps_score', '', null),
           ('nps_class', 'nps_class', '', null), ('csat_last', 'csat_last', '', null),
           ('delivered', 'engagement.delivered', '', '0'), ('opened', 'engagement.opened', '', '0'),
           ('clicked', 'engagement.clicked', '', '0'), ('social', 'engagement.social', '', '0'),
           ('churn_signals', 'churn_risk.signals', '', null), ('churn_level', 'churn_risk.level', '', null),
           ('lead_score', 'lead_score', 'points', '0'), ('qualified', 'qualified', '', 'false'))
           as n (field, name, kind, unknown)
     cross join lateral (select w.before ->> n.field as before, w.after ->> n.field as after) v
     cross join lateral (
           select case n.kind when 'points' then trunc(v.after::numeric)::text
                              when 'money' then trim_scale(v.after::numeric)::text else v.after end as compared,
                  case n.kind when 'money' then to_jsonb(round(v.after::numeric, minor_units)::text)
                              else w.after -> n.field end as value) a
     cross join lateral (
           select case n.kind when 'points' then trunc(v.before::numeric)::text
                              when 'money' then trim_scale(v.before::numeric)::text else v.before end as compared,
                  case n.kind when 'money' then to_jsonb(round(v.before::numeric, minor_units)::text)
                              else coalesce(w.before -> n.field, 'null') end as value) b
     where a.compared is distinct from b.compared
     group by w.customer_id
), recorded as (
    insert into score_history (workspace_id, customer_id, recorded_at, as_of, changed, correlation_id)
    select $1, customer_id, now, today, now_is, correlation_id
      from terms join change on true join subject using (customer_id)
     order by customer_id
), queued as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, customer_id, 'score.changed', jsonb_build_object('customer_id', customer_id, 'changed', told), now,
           correlation_id
      from terms join change on true join subject using (customer_id)
     where told is not null
     order by customer_id
)
select (select count(*) from written) as written,
       (select coalesce(bool_or(ranked and moved), false) from written) as ranking_changed,
       array(select m from unnest($2::uuid[]) as m except select customer_id from subject) as gone
