-- Look at entry: whether the log still is the one that a reader followed, and what its owner has in the books by now.
-- KEYS in, meta, st. ARGV id. Returns {1 when the log holds the entry, last id, committed offset, committed
-- books or '', history}.
-- Reads only.

act('look_at_entry', function(keys, args)
  local last = '0-0'
  if redis.call('EXISTS', keys[1]) == 1 then
    local info = redis.call('XINFO', 'STREAM', keys[1])
    for i = 1, #info, 2 do if info[i] == 'last-generated-id' then last = info[i + 1] end end
  end
  return {
    #redis.call('XRANGE', keys[1], args[1], args[1]), last,
    redis.call('HGET', keys[2], 'offset') or '0-0', redis.call('HGET', keys[3], 'p') or '', history(),
  }
end, { 'no-writes' })
