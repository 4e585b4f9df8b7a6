-- Forget cursor: a sink that is gone for good must not hold back the trimming.
-- KEYS cur. ARGV sink. Returns 1, or 0 when there was none.
-- Writes the cursors.

act('forget_cursor', function(keys, args)
  return redis.call('HDEL', keys[1], args[1])
end, { 'allow-oom' })
