-- Renew lease: the owner lives. It also learns here that it is not the owner any more, or that the journal fell back behind it.
-- KEYS meta. ARGV fence, owner, checkpoint number known as committed, leaseMs. Returns 'kept', 'lost' or 'behind'.
-- Writes the lease end (server time).

act('renew_lease', function(keys, args)
  local held = redis.call('HMGET', keys[1], 'fence', 'owner', 'cp')
  if held[1] ~= args[1] or held[2] ~= args[2] then return 'lost' end
  if tonumber(held[3] or '0') < tonumber(args[3]) then return 'behind' end
  redis.call('HSET', keys[1], 'lease', whole(now_ms() + tonumber(args[4])))
  return 'kept'
end, { 'allow-oom' })
