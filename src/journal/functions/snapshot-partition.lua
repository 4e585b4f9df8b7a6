-- Snapshot partition: everything of one instant that must fit together: what is small as it is, of what only grows its length.
-- KEYS in, hwm, meta, st, ts, out, cur, dlq, id, then the text keys. ARGV their suffixes. Returns {'snapshot', meta, st, cur, hwm,
-- id buckets with their starts, length of each text, edges of in, out and dlq}, or {'texts', suffixes} when these are others by now.
-- Reads only.

local function edges_of(stream)
  if redis.call('EXISTS', stream) == 0 then return { '0', '0', '0-0', '0-0' } end
  local info = redis.call('XINFO', 'STREAM', stream)
  local of = {}
  for i = 1, #info, 2 do of[info[i]] = info[i + 1] end
  return { whole(of['length']), whole(of['entries-added']), of['last-generated-id'], of['max-deleted-entry-id'] }
end

act('snapshot_partition', function(keys, args)
  local same = redis.call('SCARD', keys[5]) == #args
  for i = 1, #args do same = same and redis.call('SISMEMBER', keys[5], args[i]) == 1 end
  if not same then return { 'texts', redis.call('SMEMBERS', keys[5]) } end
  local lengths = {}
  for i = 1, #args do lengths[i] = redis.call('STRLEN', keys[9 + i]) end
  return {
    'snapshot', redis.call('HGETALL', keys[3]), redis.call('HGETALL', keys[4]), redis.call('HGETALL', keys[7]),
    redis.call('HGETALL', keys[2]), redis.call('ZRANGE', keys[9], 0, -1, 'WITHSCORES'), lengths,
    edges_of(keys[1]), edges_of(keys[6]), edges_of(keys[8]),
  }
end, { 'no-writes' })
