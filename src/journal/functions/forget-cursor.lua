-- Forget cursor: a sink that is gone for good must not hold back the trimming.
-- KEYS cur, meta. ARGV sink. Returns 1, or 0 when there was none.
-- Writes the cursors, and who wrote last.

act('forget_cursor', function(keys, args)
  redis.call('HDEL', keys[2], 'writer:' .. args[1])
  return redis.call('HDEL', keys[1], args[1])
end, { 'allow-oom' })
