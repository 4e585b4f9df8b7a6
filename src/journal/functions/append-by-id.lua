-- Append by id: a batch of a producer without numbers; an event whose id came within the horizon is not appended again.
-- KEYS in, ids (live buckets, by their start), meta, then the buckets. ARGV token, horizonMs, bucketMs, then (id, fingerprint, text) per
-- event. Returns {entry or '-', accepted, {duplicate places}, {reused places}}, or {'buckets', names} when the buckets are others: while a
-- slot moves only a key that is named is looked for in the right place. Writes stream, bucket and counts; no allow-oom: full means refused whole.

local DAY_MS = 86400000

-- All buckets that this call may touch: the listed ones, and the new one that it may begin, which comes last.
local function buckets_of(ids, listed, now, width)
  local names = {}
  for i = 1, #listed, 2 do names[#names + 1] = ids .. ':' .. listed[i] end
  local youngest = tonumber(listed[#listed] or '-1')
  local fresh = youngest < 0 or now - youngest >= width
  local today = ids .. ':' .. whole(math.floor(now / DAY_MS))
  if fresh and names[#names] ~= today then names[#names + 1] = today end
  return names
end

-- Buckets that still hold ids of the horizon, oldest first, and the start of the youngest. Those beyond are let go.
local function live_buckets(ids, listed, now, horizon, width)
  local live, youngest = {}, nil
  for i = 1, #listed, 2 do
    local start = tonumber(listed[i + 1])
    if start + width + horizon <= now then
      redis.call('UNLINK', ids .. ':' .. listed[i])
      redis.call('ZREM', ids, listed[i])
    else
      live[#live + 1] = ids .. ':' .. listed[i]
      youngest = start
    end
  end
  return live, youngest
end

-- What is kept of each event's id: 'entry fingerprint', or false.
local function known_of(args, events, live)
  local wanted, known = {}, {}
  for i = 1, events do wanted[i], known[i] = args[1 + 3 * i], false end
  for b = #live, 1, -1 do
    local found = redis.call('HMGET', live[b], unpack(wanted))
    for i = 1, events do known[i] = known[i] or found[i] end
  end
  return known
end

-- The entry that this very call wrote before its reply was lost, or nil. Then every id is known, and the youngest entry
-- that holds one of them carries our token.
local function own_entry(stream, token, known, events)
  local youngest = nil
  for i = 1, events do
    if not known[i] then return nil end
    local entry = string.match(known[i], '^(%S+)')
    if youngest == nil or id_less(youngest, entry) then youngest = entry end
  end
  local found = redis.call('XRANGE', stream, youngest, youngest)
  if #found == 0 then return nil end
  local fields = found[1][2]
  for i = 1, #fields, 2 do
    if fields[i] == 't' and fields[i + 1] == token then return youngest end
  end
  return nil
end

local function remember(ids, live, youngest, now, horizon, width, fields)
  local bucket = live[#live]
  local fresh = youngest == nil or now - youngest >= width
  local start = math.floor(now / DAY_MS) * DAY_MS
  if fresh then
    local name = whole(start / DAY_MS)
    redis.call('ZADD', ids, whole(start), name)
    bucket = ids .. ':' .. name
  end
  redis.call('HSET', bucket, unpack(fields))
  -- For a partition that nobody writes to any more; a busy one lets go by itself.
  if fresh then redis.call('PEXPIREAT', bucket, whole(start + width + horizon)) end
end

act('append_by_id', function(keys, args)
  local stream, ids, meta = keys[1], keys[2], keys[3]
  local token, horizon, width = args[1], tonumber(args[2]), tonumber(args[3])
  local events = (#args - 3) / 3
  local now = now_ms()
  local listed = redis.call('ZRANGE', ids, 0, -1, 'WITHSCORES')
  local buckets = buckets_of(ids, listed, now, width)
  local same = #keys == 3 + #buckets
  for i = 1, #buckets do same = same and keys[3 + i] == buckets[i] end
  if not same then return { 'buckets', buckets } end
  local live, youngest = live_buckets(ids, listed, now, horizon, width)
  local known = known_of(args, events, live)
  local mine = own_entry(stream, token, known, events)

  local in_batch, fresh, bodies, duplicates, reused = {}, {}, {}, {}, {}
  for i = 1, events do
    local id, print, text = args[1 + 3 * i], args[2 + 3 * i], args[3 + 3 * i]
    local entry, kept = nil, nil
    if known[i] then entry, kept = string.match(known[i], '^(%S+) (.*)$') end
    if in_batch[id] then
      kept = in_batch[id]
    elseif entry == nil or entry == mine then
      in_batch[id] = print
      fresh[#fresh + 1] = id
      fresh[#fresh + 1] = print
      bodies[#bodies + 1] = text
      kept = nil
    end
    if kept == print then
      duplicates[#duplicates + 1] = i - 1
    elseif kept then
      reused[#reused + 1] = i - 1
    end
  end
  if mine then return { mine, #bodies, duplicates, reused } end

  local entry = '-'
  if #bodies > 0 then
    entry = redis.call('XADD', stream, '*', 'b', table.concat(bodies, '\n'), 't', token)
    for i = 2, #fresh, 2 do fresh[i] = entry .. ' ' .. fresh[i] end
    remember(ids, live, youngest, now, horizon, width, fresh)
  end
  add_count(meta, 'accepted', #bodies)
  add_count(meta, 'duplicates', #duplicates)
  add_count(meta, 'reused', #reused)
  return { entry, #bodies, duplicates, reused }
end)
