-- Settle partitions: the number of partitions is chosen once; whoever comes later learns what was chosen.
-- KEYS journal. ARGV partitions. Returns the number that holds.
-- Writes the journal's own hash, once.

act('settle_partitions', function(keys, args)
  redis.call('HSETNX', keys[1], 'partitions', args[1])
  return redis.call('HGET', keys[1], 'partitions')
end, { 'allow-oom' })
