-- Lock the customers that a slice of a customers file means, in the order of their ids.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which).
-- Reads: import_customer_row. Writes: nothing; locks rows of customer. Safe to repeat.
with meant as (
    select c.id
      from import_customer_row r
      join customer c on c.workspace_id = $1 and c.external_id = r.external_id and c.deleted_at is null
     where r.workspace_id = $1 and r.import_id = $2 and r.line_number > $3 and r.line_number <= $4
    union
    select r.customer_id
      from import_customer_row r
     where r.workspace_id = $1 and r.import_id = $2 and r.line_number > $3 and r.line_number <= $4
       and r.customer_id is not null
),
locked as materialized (
    select c.id
      from customer c
     where c.workspace_id = $1
       and c.id in (select id from meant)
     order by c.id
       for no key update
)
select count(*) from locked
