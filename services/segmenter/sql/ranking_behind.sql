-- The workspaces to rank: an input moved, everybody is to be classified anew, or rank numbers were left behind and it has
-- been quiet for a while, or they have been for too long. While figures pile up, classes wait for them: they will
-- move classes again, but not for long.
-- Where very many classes change, the next of them wait until the events of the last were published.
-- Parameter: $1 how many events to publish are too many. Reads ranking_state, workspace, stale_ranking, stale_customer,
-- outbox; writes nothing.
with pile as materialized (
    select (select count(*) >= 1000 from (select from stale_customer where priority in (0, 2) limit 1000) figures) as high,
           (select count(*) >= $1 from (select from outbox limit $1) waiting) as full_outbox
)
select r.workspace_id
  from ranking_state r
  join workspace w on w.id = r.workspace_id
 cross join pile
 cross join lateral (
       select exists (select from stale_ranking s where s.workspace_id = r.workspace_id)
              or r.basis is distinct from
                 jsonb_build_object('day', r.as_of, 'currency', w.currency, 'settings', w.settings) as moved) m
 cross join lateral (select moved or unfinished as behind) b
 where behind and not (unfinished and full_outbox)
   and (not pile.high or coalesce(r.ranked_at < now() - interval '3 seconds', true))
    or r.ranks_behind_since is not null
   and (not behind and r.ranked_at < now() - interval '700 milliseconds'
        or r.ranks_behind_since < now() - interval '30 seconds')
 order by r.ranked_at nulls first
