-- Snapshot state: everything committed at one instant but the texts, and how long each text is then. Texts only grow, so that
-- whoever reads them afterwards and cuts them to these lengths has the state of this instant, though its owner goes on.
-- KEYS in, meta, st, ts, then texts. Returns {offset, 1 when the log holds that entry, fields, suffixes, lengths, history}.
-- Reads only.

act('snapshot_state', function(keys)
  local offset = redis.call('HGET', keys[2], 'offset') or '0-0'
  local lengths = {}
  for i = 5, #keys do lengths[i - 4] = redis.call('STRLEN', keys[i]) end
  return {
    offset, #redis.call('XRANGE', keys[1], offset, offset),
    redis.call('HGETALL', keys[3]), redis.call('SMEMBERS', keys[4]), lengths, history(),
  }
end, { 'no-writes' })
