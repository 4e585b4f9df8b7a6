-- Note hole: entries vanished unread. Counted once per place, whoever asks how often; not for who is behind the committed offset,
-- for what is gone there was worked off: an owner that does not know yet that it was overtaken.
-- KEYS meta. ARGV id after which they are missing. Returns 1 the first time, else 0.
-- Writes counts.

act('note_hole', function(keys, args)
  local offset = redis.call('HGET', keys[1], 'offset')
  if offset and id_less(args[1], offset) then return 0 end
  if redis.call('HGET', keys[1], 'last:hole') == args[1] then return 0 end
  redis.call('HSET', keys[1], 'last:hole', args[1])
  add_count(keys[1], 'holes', 1)
  return 1
end, { 'allow-oom' })
