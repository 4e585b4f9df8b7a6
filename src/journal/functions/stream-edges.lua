-- Stream edges: where a stream begins and ends, without sending its first and last entry along as XINFO does.
-- KEYS stream. Returns {length, entries ever added, first id, last id, youngest deleted id}, all '0' and '0-0' for none.
-- Reads only.

act('stream_edges', function(keys)
  if redis.call('EXISTS', keys[1]) == 0 then return { '0', '0', '0-0', '0-0', '0-0' } end
  local info = redis.call('XINFO', 'STREAM', keys[1])
  local of = {}
  for i = 1, #info, 2 do of[info[i]] = info[i + 1] end
  return {
    whole(of['length']), whole(of['entries-added']), of['recorded-first-entry-id'],
    of['last-generated-id'], of['max-deleted-entry-id'],
  }
end, { 'no-writes' })
