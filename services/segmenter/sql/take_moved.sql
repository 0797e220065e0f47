-- Take the customers whose inputs moved out of the set. Parameter: $1 workspace.
-- Writes stale_ranking. Whoever moves after this statement is another row, and stays for the next run.
with taken as (
    delete from stale_ranking where workspace_id = $1 returning customer_id
)
select coalesce(array_agg(distinct customer_id), '{}') as customers from taken
