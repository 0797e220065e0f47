-- Record exchange rates, each currency and day at most once, with an event for those that are new or other than before.
-- Parameters: $1 workspace, $2 now; arrays of equal length: $3 date, $4 currency, $5 rate; then $6 correlation id.
-- Reads: nothing. Writes: exchange_rate, outbox.
-- Safe to repeat: a known rate stays as it is and tells nothing.
-- Returns the rows as they are now, and what became of each: created, updated or unchanged.
with given as (
    select g.*
      from unnest($3::date[], $4::text[], $5::numeric[]) as g (date, currency, rate)
     order by g.currency, g.date
),
written as (
    insert into exchange_rate (workspace_id, date, currency, rate, created_at)
    select $1, g.date, g.currency, g.rate, $2
      from given g
    on conflict (workspace_id, currency, date) do update
       set rate = excluded.rate
    returning new.id, new.date, new.currency::text, new.rate, new.created_at,
              case when old.id is null then 'created'
                   when old.rate = new.rate then 'unchanged'
                   else 'updated' end as outcome
),
told as (
    insert into outbox (workspace_id, type, data, occurred_at, correlation_id)
    select $1, 'exchange_rate.recorded',
           jsonb_build_object('exchange_rate_id', w.id, 'currency', w.currency, 'date', w.date), $2, $6
      from written w
     where w.outcome <> 'unchanged'
     order by w.currency, w.date
)
select * from written
