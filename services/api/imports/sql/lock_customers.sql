-- Lock the customers that a slice of a customers file means, in the order of their ids.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which).
-- Reads: import_customer_row. Writes: nothing; locks rows of customer. Safe to repeat.
with slice as materialized (
    select r.workspace_id, r.external_id, r.customer_id
      from import_customer_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
),
meant as materialized (
    select s.workspace_id, c.id
      from slice s
      join customer c on c.workspace_id = s.workspace_id and c.external_id = s.external_id and c.deleted_at is null
    union
    select s.workspace_id, s.customer_id
      from slice s
     where s.customer_id is not null
),
locked as materialized (
    select c.id
      from customer c
      join meant m on m.workspace_id = c.workspace_id and m.id = c.id
     order by c.id
       for no key update of c
)
select count(*) from locked
