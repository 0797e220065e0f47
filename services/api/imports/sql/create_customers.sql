-- Create the customers that facts name and nobody knows, each called by its reference until somebody knows better.
-- Parameters: $1 workspace, $2 the references, $3 the kind of the new ones, $4 now.
-- Reads: customer. Writes: customer. Safe to repeat: a known reference creates nobody.
insert into customer (workspace_id, external_id, kind, name, created_at, updated_at)
select $1, n.reference, $3, n.reference, $4, $4
  from unnest($2::text[]) with ordinality as n (reference, position)
 where not exists (select from customer c
                    where c.workspace_id = $1 and c.external_id = n.reference and c.deleted_at is null)
 order by n.position
on conflict (workspace_id, external_id) where deleted_at is null do nothing
returning id
