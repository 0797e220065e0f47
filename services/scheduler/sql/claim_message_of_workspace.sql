-- Claim the message that waits longest, of one workspace: from now on only the holder of the token may record its outcome.
--
-- Parameters  workspace_id, token (uuid), lease (seconds).
-- Reads       workspace (its clock), message. Writes message.
-- Returns     workspace_id, id of the claimed message, or no row.
-- Repeatable  A claimed message is not queued any more: two claims never get the same one.
update message m
   set status = 'sending', lease_token = :token, attempts = m.attempts + 1,
       lease_until = now() + make_interval(secs => :lease)
  from (select q.workspace_id, q.id
          from message q
          join workspace w on w.id = q.workspace_id
         where q.workspace_id = :workspace_id and q.status = 'queued' and q.next_try_at <= now() + w.clock_offset
         order by q.next_try_at
         limit 1
           for update of q skip locked) found
 where m.workspace_id = found.workspace_id and m.id = found.id
returning m.workspace_id, m.id
