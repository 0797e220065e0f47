-- What the contact policy asks about one customer and the channel e-mail.
--
-- Parameters  workspace_id, customer_id, today (the customer's local day), since (the instant from which past messages
--             count).
-- Reads       customer, consent, contract, transaction, suppression, message. Writes nothing.
-- Returns     one row; none if there is no such customer.
select c.kind,
       c.email,
       c.timezone,
       (select s.status
          from consent s
         where s.workspace_id = c.workspace_id and s.customer_id = c.id
           and s.purpose = 'marketing' and s.channel = 'email'
         order by s.recorded_at desc, s.id desc
         limit 1) as consent,
       exists (select
                 from transaction t
                where t.workspace_id = c.workspace_id and t.customer_id = c.id
                  and t.kind = 'sale' and t.amount > 0) as existing_client,
       exists (select
                 from contract k
                where k.workspace_id = c.workspace_id and k.customer_id = c.id and k.status = 'active'
                  and coalesce(k.ends_on, 'infinity') >= :today) as contract_running,
       array(select s.reason
               from suppression s
              where s.workspace_id = c.workspace_id and s.channel = 'email' and s.address = lower(c.email)
            ) as suppressions,
       array(select coalesce(m.sent_at, m.queued_at)
               from message m
              where m.workspace_id = c.workspace_id and m.customer_id = c.id and m.channel = 'email'
                and m.status in ('queued', 'sending', 'sent', 'unknown') and m.queued_at >= :since) as contacted_at
  from customer c
 where c.workspace_id = :workspace_id and c.id = :customer_id
