-- Write the customers of a batch: those that are new, and those that differ, each with its event. One round trip.
-- Parameters: $1 workspace, $2 now, $3 new rows and $4 changed rows as JSON text of whole records, the changed ones with
--   the names of what changed in `fields`; $5 correlation id.
-- Reads: nothing. Writes: customer, outbox. The changed customers are locked by the caller.
-- Safe to repeat: a known external_id is not inserted again; a change writes the values that are there.
-- Returns the ids that were written. A new row whose id is missing lost a race for its external_id: it is known now.
with added as (
    insert into customer (workspace_id, id, external_id, kind, name, lifecycle, email, phone, phone_raw, address_line1,
                          address_line2, postal_code, city, region, country, owner_id, secondary_owner_ids, tags,
                          preferred_channel, language, timezone, acquisition_channel, potential_annual_revenue,
                          lead_fit, siren, siret, vat_number, sector, employees, annual_revenue, competitors,
                          birth_date, sex, csp, family_situation, income_bracket, interests, custom_fields, created_at,
                          updated_at)
    select $1, n.id, n.external_id, n.kind, n.name, n.lifecycle, n.email, n.phone, n.phone_raw, n.address_line1,
           n.address_line2, n.postal_code, n.city, n.region, n.country, n.owner_id, n.secondary_owner_ids, n.tags,
           n.preferred_channel, n.language, n.timezone, n.acquisition_channel, n.potential_annual_revenue,
           n.lead_fit, n.siren, n.siret, n.vat_number, n.sector, n.employees, n.annual_revenue, n.competitors,
           n.birth_date, n.sex, n.csp, n.family_situation, n.income_bracket, n.interests, n.custom_fields, n.created_at,
           $2
      from jsonb_populate_recordset(null::customer, $3::text::jsonb) n
     order by n.external_id
    on conflict (workspace_id, external_id) where deleted_at is null do nothing
    returning id
),
changed as (
    update customer c
       set (kind, name, lifecycle, email, phone, phone_raw, address_line1, address_line2, postal_code, city, region,
            country, owner_id, secondary_owner_ids, tags, preferred_channel, language, timezone, acquisition_channel,
            potential_annual_revenue, lead_fit, siren, siret, vat_number, sector, employees, annual_revenue,
            competitors, birth_date, sex, csp, family_situation, income_bracket, interests, custom_fields, created_at,
            updated_at, version)
         = row(n.kind, n.name, n.lifecycle, n.email, n.phone, n.phone_raw, n.address_line1, n.address_line2,
               n.postal_code, n.city, n.region, n.country, n.owner_id, n.secondary_owner_ids, n.tags,
               n.preferred_channel, n.language, n.timezone, n.acquisition_channel, n.potential_annual_revenue,
               n.lead_fit, n.siren, n.siret, n.vat_number, n.sector, n.employees, n.annual_revenue, n.competitors,
               n.birth_date, n.sex, n.csp, n.family_situation, n.income_bracket, n.interests, n.custom_fields,
               n.created_at, $2, c.version + 1)
      from jsonb_populate_recordset(null::customer, $4::text::jsonb) n
     where c.workspace_id = $1
       and c.id = n.id
    returning c.id
),
told as (
    insert into outbox (workspace_id, customer_id, type, data, occurred_at, correlation_id)
    select $1, a.id, 'customer.created', jsonb_build_object('customer_id', a.id), $2, $5
      from added a
    union all
    select $1, c.id, 'customer.updated', jsonb_build_object('customer_id', c.id, 'fields', n.fields), $2, $5
      from changed c
      join jsonb_to_recordset($4::text::jsonb) as n (id uuid, fields jsonb) on n.id = c.id
)
select id from added
union all
select id from changed
