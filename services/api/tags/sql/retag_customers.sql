-- Give every customer that carries a tag another name for it, or take the tag away.
-- Parameters: $1 workspace, $2 the old name, $3 the new name (null: none), $4 now, $5 correlation id.
-- Reads: customer. Writes: customer, outbox.
-- Locks customers in the order of their ids. Deleted ones change too, so that a restored one is right, but tell nothing.
-- Safe to repeat: nobody carries the old name any more.
with carrier as materialized (
    select c.id
      from customer c
     where c.workspace_id = $1
       and c.tags @> array[$2]
     order by c.id
       for no key update
),
retagged as (
    update customer c
       set tags = case when $3::text is null or c.tags @> array[$3::text] then array_remove(c.tags, $2)
                       else array_replace(c.tags, $2, $3::text) end,
           version = c.version + 1,
           updated_at = $4
      from carrier
     where c.workspace_id = $1
       and c.id = carrier.id
    returning c.id, c.deleted_at
)
insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
select $1, r.id, 'customer.updated', jsonb_build_object('customer_id', r.id, 'fields', jsonb_build_array('tags')), $4, $5
  from retagged r
 where r.deleted_at is null
 order by r.id
