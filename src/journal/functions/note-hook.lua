-- Note hook: what came of one attempt to deliver one message: it leaves its queue (delivered, or as a dead letter), or waits for
-- another attempt; and the log says so.
-- KEYS queue, hooks, log, dlq, meta. ARGV receiver, entry, 'delivered', 'again' or 'dead', when (epoch ms), code, what is
-- remembered for another attempt, note, notes kept, letters, then (count, letter). Returns 1, or 0 when that is known already.
-- Writes queue, log, counts, dead letters; allow-oom: queues get empty only by this.

act('note_hook', function(keys, args)
  local queue, hooks, receiver, entry, outcome = keys[1], keys[2], args[1], args[2], args[3]
  local try = 'try ' .. receiver .. ' ' .. entry
  if #redis.call('XRANGE', queue, entry, entry) == 0 then return 0 end
  if outcome == 'again' then
    if redis.call('HGET', hooks, try) == args[6] then return 0 end
    redis.call('HSET', hooks, try, args[6])
  else
    redis.call('XDEL', queue, entry)
    redis.call('HDEL', hooks, try)
    add_count(keys[5], 'refused', bury(keys[4], args, 10, tonumber(args[9])))
  end
  if outcome == 'delivered' then
    redis.call('HSET', hooks, 'ok ' .. receiver, args[4], 'row ' .. receiver, '0')
  else
    redis.call('HSET', hooks, 'bad ' .. receiver, args[4] .. ' ' .. args[5])
    redis.call('HINCRBY', hooks, 'row ' .. receiver, 1)
  end
  redis.call('HINCRBY', hooks, 'n ' .. receiver .. ' ' .. outcome, 1)
  redis.call('XADD', keys[3], 'MAXLEN', '~', args[8], '*', 'l', args[7])
  return 1
end, { 'allow-oom' })
