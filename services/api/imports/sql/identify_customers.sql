-- Find out who the rows without a reference are: whoever has the same SIRET, or else the same SIREN, VAT number, e-mail
-- address, or else name with phone and postal code; of these, the first that the row states decides.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which).
-- Reads: customer. Writes: import_customer_row: `customer_id` of the rows that mean exactly one living customer; rows
-- that mean several leave the table. Rows that a later one of the file replaces are left alone.
-- Safe to repeat: it finds the same. Returns the line numbers of the rows that mean several customers.
with asked as materialized (
    select r.workspace_id, r.line_number, r.siret, r.siren, r.vat_number, lower(r.email) as email, fold(r.name) as name,
           coalesce(r.phone, '') as phone, coalesce(r.postal_code, '') as postal_code
      from import_customer_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
       and r.external_id is null
       and not exists (select from import_customer_row l
                        where l.workspace_id = $1 and l.import_id = $2 and l.identity = r.identity
                          and l.line_number > r.line_number)
),
found as (
    select a.line_number, c.id
      from asked a join customer c on c.workspace_id = a.workspace_id and c.siret = a.siret
     where c.deleted_at is null
    union all
    select a.line_number, c.id
      from asked a join customer c on c.workspace_id = a.workspace_id and c.siren = a.siren
     where c.deleted_at is null and a.siret is null
    union all
    select a.line_number, c.id
      from asked a join customer c on c.workspace_id = a.workspace_id and c.vat_number = a.vat_number
     where c.deleted_at is null and coalesce(a.siret, a.siren) is null
    union all
    select a.line_number, c.id
      from asked a join customer c on c.workspace_id = a.workspace_id and lower(c.email) = a.email
     where c.deleted_at is null and coalesce(a.siret, a.siren, a.vat_number) is null
    union all
    select a.line_number, c.id
      from asked a join customer c on c.workspace_id = a.workspace_id and fold(c.name) = a.name
     where c.deleted_at is null
       and coalesce(a.siret, a.siren, a.vat_number, a.email) is null
       and coalesce(c.phone, '') = a.phone and coalesce(c.postal_code, '') = a.postal_code
),
meant as materialized (
    select line_number, count(*) as customers, (array_agg(id))[1] as id from found group by line_number
),
identified as (
    update import_customer_row r
       set customer_id = m.id
      from meant m
     where r.workspace_id = $1 and r.import_id = $2 and r.line_number = m.line_number and m.customers = 1
),
removed as (
    delete from import_customer_row r
     using meant m
     where r.workspace_id = $1 and r.import_id = $2 and r.line_number = m.line_number and m.customers > 1
)
select m.line_number from meant m where m.customers > 1 order by m.line_number
