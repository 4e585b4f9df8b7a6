-- Add letters: dead letters that come neither with a commit nor with a cursor.
-- KEYS dlq, meta. ARGV token, letters, then (count, letter)s. Returns 1, or 0 when this very call was here before.
-- Writes dead letters and counts.

act('add_letters', function(keys, args)
  if redis.call('HGET', keys[2], 'last:letters') == args[1] then return 0 end
  add_count(keys[2], 'refused', bury(keys[1], args, 3, tonumber(args[2])))
  redis.call('HSET', keys[2], 'last:letters', args[1])
  return 1
end, { 'allow-oom' })
