-- Trim streams: let go of what everybody has behind them. Entries of `in` below the committed offset and older than keepMs; entries
-- of `out` below every cursor, those of the sinks named here and all others known, and below each place from which a late write may
-- have begun. The entry AT a boundary stays. Near the memory limit nothing is kept for its age: room for what comes in is worth more
-- than a replay. Ids far ahead of the clock tell no age.
-- KEYS in, out, cur, meta. ARGV keepMs, slice (entries at once, to keep the server's time small), then sinks. Returns entries removed.
-- Removes stream entries. Called again until it answers 0.

local NEARLY_FULL = 0.8
local AHEAD_MS = 7200000

local function nearly_full()
  local used, limit = memory()
  return limit > 0 and used > NEARLY_FULL * limit
end

-- Whole nodes first, in slices; at last, exactly.
local function trim_below(stream, boundary, slice)
  local removed = redis.call('XTRIM', stream, 'MINID', '~', boundary, 'LIMIT', slice)
  if removed == 0 then removed = redis.call('XTRIM', stream, 'MINID', '=', boundary) end
  return removed
end

local function lowest_cursor(cur, meta, args)
  local all = redis.call('HGETALL', cur)
  local known, lowest = {}, nil
  for i = 1, #all, 2 do
    local at = string.match(all[i + 1], '^(%S+)')
    known[all[i]] = true
    if lowest == nil or id_less(at, lowest) then lowest = at end
    for _, late in ipairs(read_writer(meta, all[i]).late) do
      if id_less(late.id, lowest) then lowest = late.id end
    end
  end
  for i = 3, #args do
    if not known[args[i]] then return nil end
  end
  return lowest
end

act('trim_streams', function(keys, args)
  local removed = 0
  local offset = redis.call('HGET', keys[4], 'offset')
  if offset then
    local now, keep = now_ms(), tonumber(args[1])
    local boundary = whole(math.max(0, now - keep)) .. '-0'
    local tells_no_age = id_less(whole(now + math.max(keep, AHEAD_MS)) .. '-0', offset)
    if id_less(offset, boundary) or tells_no_age or nearly_full() then boundary = offset end
    removed = trim_below(keys[1], boundary, args[2])
  end
  local lowest = lowest_cursor(keys[3], keys[4], args)
  if lowest then removed = removed + trim_below(keys[2], lowest, args[2]) end
  return removed
end, { 'allow-oom' })
