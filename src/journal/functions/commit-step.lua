-- Commit step: state, offset and outbox in one act, or nothing.
-- KEYS meta, st, ts, out, dlq, then the appended text keys, then the dropped ones. ARGV fence, owner, previous offset, checkpoint
-- number, new offset, counts of appends, drops, fields, out entries, letters; then (suffix, text)s, suffixes, (field, json)s,
-- (outputs, body)s, (events, letter)s.
-- Returns 'done', 'already', 'lost' (another owner), 'behind' (the journal is not where this step began) or 'restarted': what was
-- read under another history may not be in this one, and a state that knows more than its log would be the end of both.
-- allow-oom: a full journal gets empty again only by working off what it took in.

act('commit_step', function(keys, args)
  local meta, st, ts, out, dlq = keys[1], keys[2], keys[3], keys[4], keys[5]
  local number, offset = tonumber(args[4]), args[5]
  local held = redis.call('HMGET', meta, 'fence', 'owner', 'cp', 'offset', 'n:outputs', 'history')
  if held[1] ~= args[1] or held[2] ~= args[2] then return 'lost' end
  local reached, at = tonumber(held[3] or '0'), held[4] or '0-0'
  if reached == number and at == offset then return 'already' end
  if reached ~= number - 1 or at ~= args[3] then return 'behind' end
  if held[6] ~= history() then return 'restarted' end

  local appends, drops, fields = tonumber(args[6]), tonumber(args[7]), tonumber(args[8])
  local entries, letters = tonumber(args[9]), tonumber(args[10])
  local first_drop = 11 + 2 * appends
  local first_field = first_drop + drops
  local first_entry = first_field + 2 * fields
  local first_letter = first_entry + 2 * entries

  -- The outbox goes first: it is the one write that could be refused (an id not above the last), and then nothing has happened.
  local outputs = tonumber(held[5] or '0')
  for i = 0, entries - 1 do
    local count, body = args[first_entry + 2 * i], args[first_entry + 2 * i + 1]
    redis.call('XADD', out, args[4] .. '-' .. (i + 1), 'n', whole(outputs), 'c', count, 'o', body)
    outputs = outputs + tonumber(count)
  end
  for start = 1, drops, CHUNK do
    redis.call('UNLINK', unpack(keys, 5 + appends + start, 5 + appends + math.min(start + CHUNK - 1, drops)))
  end
  in_chunks('SREM', ts, args, first_drop, first_field - 1)
  local suffixes = {}
  for i = 0, appends - 1 do
    suffixes[i + 1] = args[11 + 2 * i]
    redis.call('APPEND', keys[6 + i], args[12 + 2 * i])
  end
  in_chunks('SADD', ts, suffixes, 1, appends)
  in_chunks('HSET', st, args, first_field, first_entry - 1)
  add_count(meta, 'deadLettered', bury(dlq, args, first_letter, letters))
  redis.call('HSET', meta, 'cp', args[4], 'offset', offset, 'n:outputs', whole(outputs))
  add_count(meta, 'commits', 1)
  return 'done'
end, { 'allow-oom' })
