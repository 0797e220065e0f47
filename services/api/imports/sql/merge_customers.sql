-- Merge a slice of a customers file: add who is new, change what differs. The caller has locked who is known.
-- Parameters: $1 workspace, $2 import, the lines $3 (behind which) to $4 (through which), $5 whether the file states
--   kinds (a kind that only follows from other fields never changes a known customer), $6 now.
-- Reads: import_customer_row, user_account. Writes: customer.
-- A blank cell says nothing and changes nothing; custom fields are added to those that are there. The last line that
-- means a customer wins. A phone number that is only typed otherwise is no change.
-- Safe to repeat: the second time nothing differs.
-- When another transaction takes an external_id at the same moment, the unique key refuses: undo and do it again.
-- Returns one row: ids added and changed, how many rows there were, and the faults as JSON.
-- Lookups join on the columns of the slice, not on parameters: the planner then reckons with the table as it is, and
-- not with the rows that it believes this workspace to have, which just after an import are often none.
with slice as materialized (
    select r.*
      from import_customer_row r
     where r.workspace_id = $1
       and r.import_id = $2
       and r.line_number > $3
       and r.line_number <= $4
),
known as materialized (
    select s.*, coalesce(s.customer_id, c.id) as id, u.id as owner_id,
           (select max(l.line_number)
              from import_customer_row l
             where l.workspace_id = s.workspace_id and l.import_id = s.import_id and l.identity = s.identity
               and l.line_number > s.line_number) as later
      from slice s
      left join customer c
        on c.workspace_id = s.workspace_id and c.external_id = s.external_id and c.deleted_at is null
      left join user_account u on u.workspace_id = s.workspace_id and lower(u.email) = lower(s.owner_email)
),
-- Rows without a reference can mean the same customer by different things: by its e-mail address, by its SIRET.
compared as (
    select k.*,
           coalesce(k.later, case when k.customer_id is not null
                                  then lead(k.line_number) over (partition by k.customer_id order by k.line_number)
                             end) as winner
      from known k
),
judged as materialized (
    select c.*,
           case when c.winner is not null then 'duplicate.later'
                when c.id is null and c.name is null then 'unknown_customer.none' end as why
      from compared c
),
added as (
    insert into customer (workspace_id, external_id, kind, name, lifecycle, email, phone, phone_raw, address_line1,
                          address_line2, postal_code, city, region, country, owner_id, tags, preferred_channel,
                          language, timezone, acquisition_channel, potential_annual_revenue, lead_fit, siren, siret,
                          vat_number, sector, employees, annual_revenue, competitors, birth_date, sex, csp,
                          family_situation, income_bracket, interests, custom_fields, created_at, updated_at)
    select $1, j.external_id, coalesce(j.kind, 'company'), j.name, j.lifecycle, j.email, j.phone, j.phone_raw,
           j.address_line1, j.address_line2, j.postal_code, j.city, j.region, j.country, j.owner_id,
           coalesce(j.tags, '{}'), j.preferred_channel, j.language, j.timezone, j.acquisition_channel,
           j.potential_annual_revenue, coalesce(j.lead_fit, 0), j.siren, j.siret, j.vat_number, j.sector,
           j.employees, j.annual_revenue, coalesce(j.competitors, '{}'), j.birth_date, j.sex, j.csp, j.family_situation,
           j.income_bracket, coalesce(j.interests, '{}'), coalesce(j.custom_fields, '{}'),
           coalesce(j.created_at, $6), $6
      from judged j
     where j.why is null
       and j.id is null
     order by j.line_number
    returning id
),
changed as (
    update customer c
       set kind = coalesce(case when $5 then j.kind end, c.kind), name = coalesce(j.name, c.name),
           lifecycle = coalesce(j.lifecycle, c.lifecycle), email = coalesce(j.email, c.email),
           phone = coalesce(j.phone, c.phone), phone_raw = coalesce(j.phone_raw, c.phone_raw),
           address_line1 = coalesce(j.address_line1, c.address_line1),
           address_line2 = coalesce(j.address_line2, c.address_line2),
           postal_code = coalesce(j.postal_code, c.postal_code), city = coalesce(j.city, c.city),
           region = coalesce(j.region, c.region), country = coalesce(j.country, c.country),
           owner_id = coalesce(j.owner_id, c.owner_id), tags = coalesce(j.tags, c.tags),
           preferred_channel = coalesce(j.preferred_channel, c.preferred_channel),
           language = coalesce(j.language, c.language), timezone = coalesce(j.timezone, c.timezone),
           acquisition_channel = coalesce(j.acquisition_channel, c.acquisition_channel),
           potential_annual_revenue = coalesce(j.potential_annual_revenue, c.potential_annual_revenue),
           lead_fit = coalesce(j.lead_fit, c.lead_fit), siren = coalesce(j.siren, c.siren),
           siret = coalesce(j.siret, c.siret), vat_number = coalesce(j.vat_number, c.vat_number),
           sector = coalesce(j.sector, c.sector), employees = coalesce(j.employees, c.employees),
           annual_revenue = coalesce(j.annual_revenue, c.annual_revenue),
           competitors = coalesce(j.competitors, c.competitors), birth_date = coalesce(j.birth_date, c.birth_date),
           sex = coalesce(j.sex, c.sex), csp = coalesce(j.csp, c.csp),
           family_situation = coalesce(j.family_situation, c.family_situation),
           income_bracket = coalesce(j.income_bracket, c.income_bracket),
           interests = coalesce(j.interests, c.interests),
           custom_fields = c.custom_fields || coalesce(j.custom_fields, '{}'),
           created_at = coalesce(j.created_at, c.created_at),
           updated_at = $6, version = c.version + 1
      from judged j
     where j.why is null
       and c.workspace_id = j.workspace_id
       and c.id = j.id
       and (coalesce(case when $5 then j.kind end, c.kind), coalesce(j.name, c.name),
            coalesce(j.lifecycle, c.lifecycle), coalesce(j.email, c.email), coalesce(j.phone, c.phone),
            coalesce(j.address_line1, c.address_line1), coalesce(j.address_line2, c.address_line2),
            coalesce(j.postal_code, c.postal_code), coalesce(j.city, c.city), coalesce(j.region, c.region),
            coalesce(j.country, c.country), coalesce(j.owner_id, c.owner_id), coalesce(j.tags, c.tags),
            coalesce(j.preferred_channel, c.preferred_channel), coalesce(j.language, c.language),
            coalesce(j.timezone, c.timezone), coalesce(j.acquisition_channel, c.acquisition_channel),
            coalesce(j.potential_annual_revenue, c.potential_annual_revenue), coalesce(j.lead_fit, c.lead_fit),
            coalesce(j.siren, c.siren), coalesce(j.siret, c.siret), coalesce(j.vat_number, c.vat_number),
            coalesce(j.sector, c.sector), coalesce(j.employees, c.employees),
            coalesce(j.annual_revenue, c.annual_revenue), coalesce(j.competitors, c.competitors),
            coalesce(j.birth_date, c.birth_date), coalesce(j.sex, c.sex), coalesce(j.csp, c.csp),
            coalesce(j.family_situation, c.family_situation), coalesce(j.income_bracket, c.income_bracket),
            coalesce(j.interests, c.interests), c.custom_fields || coalesce(j.custom_fields, '{}'),
            coalesce(j.created_at, c.created_at))
           is distinct from
           (c.kind, c.name, c.lifecycle, c.email, c.phone, c.address_line1, c.address_line2, c.postal_code, c.city,
            c.region, c.country, c.owner_id, c.tags, c.preferred_channel, c.language, c.timezone,
            c.acquisition_channel, c.potential_annual_revenue, c.lead_fit, c.siren, c.siret, c.vat_number, c.sector,
            c.employees, c.annual_revenue, c.competitors, c.birth_date, c.sex, c.csp, c.family_situation,
            c.income_bracket, c.interests, c.custom_fields, c.created_at)
    returning c.id
)
select (select coalesce(array_agg(a.id), '{}') from added a) as added,
       (select coalesce(array_agg(c.id), '{}') from changed c) as changed,
       count(*) as rows,
       coalesce(jsonb_agg(jsonb_build_object(
           'line', j.line_number, 'why', j.why, 'other', j.winner, 'field', 'external_id', 'value', j.external_id
       ) order by j.line_number) filter (where j.why is not null), '[]')::text as faults
  from judged j
