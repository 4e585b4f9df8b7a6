-- Note hole: entries vanished unread. Counted once per place, whoever asks how often; not for who is behind the committed offset,
-- for what is gone there was worked off: an owner that does not know yet that it was overtaken. And not for one that does not know yet
-- that the journal fell back behind it: what it misses there is sent again.
-- KEYS meta. ARGV id after which they are missing, fence, owner, its checkpoint number. Returns 1 the first time, else 0.
-- Writes counts.

act('note_hole', function(keys, args)
  local held = redis.call('HMGET', keys[1], 'offset', 'fence', 'owner', 'cp')
  local offset = held[1]
  if held[2] ~= args[2] or held[3] ~= args[3] or tonumber(held[4] or '0') < tonumber(args[4]) then return 0 end
  if offset and id_less(args[1], offset) then return 0 end
  if redis.call('HGET', keys[1], 'last:hole') == args[1] then return 0 end
  redis.call('HSET', keys[1], 'last:hole', args[1])
  add_count(keys[1], 'holes', 1)
  return 1
end, { 'allow-oom' })
