-- Advance cursor: a sink's neighbour said yes up to here; what it will never take goes to the dead letters in the same act.
-- KEYS cur, out, meta, dlq. ARGV sink, id, letters, then (outputs, letter)s. Returns 'done', 'already' or 'ahead' (no such outputs yet).
-- Writes the cursor as 'id outputs-up-to-it'.

-- Only ever forward, and never beyond what was committed.
local function move_cursor(cur, out, meta, sink, id)
  local kept = redis.call('HGET', cur, sink)
  local at, passed = nil, '0'
  if kept then
    at, passed = string.match(kept, '^(%S+) (%S+)$')
    if not id_less(at, id) then return 'already' end
  end
  if id_parts(id) > tonumber(redis.call('HGET', meta, 'cp') or '0') then return 'ahead' end
  local found = redis.call('XRANGE', out, id, id)
  if #found > 0 then
    -- n, c, o in this order, as the commit writes them
    passed = whole(tonumber(found[1][2][2]) + tonumber(found[1][2][4]))
  end
  redis.call('HSET', cur, sink, id .. ' ' .. passed)
  return 'done'
end

act('advance_cursor', function(keys, args)
  local moved = move_cursor(keys[1], keys[2], keys[3], args[1], args[2])
  if moved == 'done' then add_count(keys[3], 'refused', bury(keys[4], args, 4, tonumber(args[3]))) end
  return moved
end, { 'allow-oom' })
