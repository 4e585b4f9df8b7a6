-- Release lease: the owner leaves; the next one need not wait for the lease to run out. The fence stays.
-- KEYS meta. ARGV fence, owner. Returns 1, or 0 when it was not the owner any more.
-- Writes owner and lease end.

act('release_lease', function(keys, args)
  local held = redis.call('HMGET', keys[1], 'fence', 'owner')
  if held[1] ~= args[1] or held[2] ~= args[2] then return 0 end
  redis.call('HSET', keys[1], 'owner', '', 'lease', '0')
  return 1
end, { 'allow-oom' })
