-- Number the portfolio, best first (R1). Parameters: $1 workspace, $2 now.
-- Reads ranking_input. Writes customer_scores where a number moved. Returns how many did. Repeatable.
with moved as (
    update customer_scores s
       set rank = ordered.rank, computed_at = $2
      from (select customer_id, row_number() over (order by revenue desc, tie) as rank
              from ranking_input
             where workspace_id = $1) ordered
     where s.workspace_id = $1 and s.customer_id = ordered.customer_id and s.rank is distinct from ordered.rank
    returning 1
)
select count(*) from moved
