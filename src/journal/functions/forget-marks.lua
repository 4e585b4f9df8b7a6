-- Forget marks: producers that were silent for longer than the horizon. Only a mark that is still as it was seen goes.
-- KEYS hwm. ARGV (producer, value as seen)s. Returns marks removed.
-- Writes the marks.

act('forget_marks', function(keys, args)
  local removed = 0
  for i = 1, #args, 2 do
    if redis.call('HGET', keys[1], args[i]) == args[i + 1] then
      removed = removed + redis.call('HDEL', keys[1], args[i])
    end
  end
  return removed
end, { 'allow-oom' })
