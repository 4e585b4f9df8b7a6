-- Discard letter: somebody looked at it and lets it go.
-- KEYS dlq, meta. ARGV id, token. Returns 1, to the same call again too, or 0 when it is not there.
-- Removes the letter and counts it.

act('discard_letter', function(keys, args)
  local found = redis.call('XRANGE', keys[1], args[1], args[1])
  if #found == 0 then return redis.call('HGET', keys[2], 'last:discard') == args[2] and 1 or 0 end
  redis.call('XDEL', keys[1], args[1])
  redis.call('HSET', keys[2], 'last:discard', args[2])
  add_count(keys[2], 'discarded', tonumber(found[1][2][2]))
  return 1
end, { 'allow-oom' })
