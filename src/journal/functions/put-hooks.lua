-- Put hooks: messages for webhook receivers go from the outbox into their queues, and the sink's cursor with them: in one act, so
-- that none is put twice and none is passed by.
-- KEYS cur, out, meta, dlq, hooks, then queues. ARGV sink, cursor before, cursor after, messages, letters, then per message the place
-- of its queue and its text, then (count, letter)s. Returns 'done', 'already', 'elsewhere' (the cursor is not where it was) or 'ahead'.
-- Writes queues, cursor, dead letters; allow-oom: the outbox gets empty only by this.

act('put_hooks', function(keys, args)
  local cur, out, meta, dlq, hooks = keys[1], keys[2], keys[3], keys[4], keys[5]
  local at = string.match(redis.call('HGET', cur, args[1]) or '0-0', '^(%S+)')
  if at ~= args[2] and id_less(at, args[3]) then return 'elsewhere' end
  local moved = move_cursor(cur, out, meta, args[1], args[3])
  if moved ~= 'done' then return moved end
  local messages = tonumber(args[4])
  for i = 0, messages - 1 do
    redis.call('XADD', keys[5 + tonumber(args[6 + 2 * i])], '*', 'b', args[7 + 2 * i])
  end
  for i = 6, #keys do
    redis.call('HSET', hooks, 'queue ' .. string.match(keys[i], ':hook:(.*)$'), '1')
  end
  add_count(meta, 'refused', bury(dlq, args, 6 + 2 * messages, tonumber(args[5])))
  return moved
end, { 'allow-oom' })
