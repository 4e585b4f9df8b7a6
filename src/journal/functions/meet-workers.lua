-- Meet workers: a worker says that it lives, or that it leaves, and learns who else lives. Its word holds as long as a lease.
-- KEYS workers. ARGV name ('' only looks), leaseMs (0: it leaves). Returns the names of the living.
-- Writes when a name's word ends (server time): at most a lease from now, whatever the clock was set back by; who meets lets go of those that did, who only looks writes nothing.

act('meet_workers', function(keys, args)
  local now = now_ms()
  if args[1] ~= '' then
    if tonumber(args[2]) > 0 then redis.call('HSET', keys[1], args[1], whole(now + tonumber(args[2])))
    else redis.call('HDEL', keys[1], args[1]) end
  end
  local marks = redis.call('HGETALL', keys[1])
  local living = {}
  for i = 1, #marks, 2 do
    local ends = tonumber(marks[i + 1])
    if args[1] ~= '' and tonumber(args[2]) > 0 and ends > now + tonumber(args[2]) then
      redis.call('HSET', keys[1], marks[i], whole(now + tonumber(args[2])))
    end
    if ends > now then living[#living + 1] = marks[i]
    elseif args[1] ~= '' then redis.call('HDEL', keys[1], marks[i]) end
  end
  return living
end, { 'allow-oom' })
