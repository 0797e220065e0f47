-- Move an import on, in the transaction of what moved it: the counts are those of the lines up to `merged_through`.
-- Parameters: $1 workspace, $2 import, $3 token of the lease, $4 the line it is through; what to add: $5 created,
--   $6 updated, $7 unchanged, $8 duplicate, $9 rejected, $10 customers created by facts; $11 the customers touched.
-- Reads: nothing. Writes: import, import_touch. Not to be repeated: it adds.
-- Returns true; no row when the lease is lost or the import was cancelled, and then the caller undoes its transaction.
with moved as (
    update import
       set merged_through = $4, created = created + $5, updated = updated + $6, unchanged = unchanged + $7,
           duplicate = duplicate + $8, rejected = rejected + $9, customers_created = customers_created + $10,
           attempts = 0
     where workspace_id = $1
       and id = $2
       and lease_token = $3
       and status = 'merging'
    returning id
),
touched as (
    insert into import_touch (workspace_id, import_id, through_line, customer_ids)
    select $1, m.id, $4, $11::uuid[] from moved m where cardinality($11::uuid[]) > 0
)
select true from moved
