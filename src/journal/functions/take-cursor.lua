-- Take cursor: a follower of a sink says that it writes from now on, and learns where to go on. For sinks whose neighbour keeps what
-- came last: a write of whoever wrote before may still be under way, so from where it may have begun all is to be written once more.
-- KEYS cur, meta. ARGV sink, writer, its name before ('' or one that has nothing under way), lateMs. Returns the cursor.
-- Writes `writer:<sink>` of meta, as name|told|late|late…; told: '' or 'id passed', as far as the neighbour ever said yes, where the cursor
-- was set back; late: 'due id passed', a write that may have begun there and is over when it is due. Sets the cursor back to what is due.

local function read_writer(meta, sink)
  local text = redis.call('HGET', meta, 'writer:' .. sink) or ''
  local parts = {}
  for part in string.gmatch(text .. '|', '([^|]*)|') do parts[#parts + 1] = part end
  local told, passed = string.match(parts[2] or '', '^(%S+) (%S+)$')
  local late = {}
  for i = 3, #parts do
    local due, id, before = string.match(parts[i], '^(%S+) (%S+) (%S+)$')
    late[#late + 1] = { due = tonumber(due), id = id, passed = before }
  end
  return { text = text, name = parts[1], told = told, passed = passed, late = late }
end

local function keep_writer(meta, sink, writer)
  local parts = { writer.name, writer.told and writer.told .. ' ' .. writer.passed or '' }
  for _, each in ipairs(writer.late) do parts[#parts + 1] = whole(each.due) .. ' ' .. each.id .. ' ' .. each.passed end
  local text = table.concat(parts, '|')
  if text ~= writer.text then redis.call('HSET', meta, 'writer:' .. sink, text) end
end

local function cursor_of(cur, sink)
  return string.match(redis.call('HGET', cur, sink) or '0-0 0', '^(%S+) (%S+)')
end

-- Of a sink there are four at most, however often it changes hands: those of half a lateMs are one.
local function due_at(keep)
  local step = math.max(1, math.floor(keep / 2))
  return math.ceil((now_ms() + keep) / step) * step
end

local function add_late(writer, due, id, passed)
  for _, each in ipairs(writer.late) do
    if each.due == due then
      if id_less(id, each.id) then each.id, each.passed = id, passed end
      return
    end
  end
  table.insert(writer.late, { due = due, id = id, passed = passed })
end

-- Returns the cursor, and whether it was set back. One that is due further ahead than can be was noted before the clock was set back.
local function step_back(cur, sink, writer, keep)
  local at, passed = cursor_of(cur, sink)
  local now, rest, lowest = now_ms(), {}, nil
  for _, each in ipairs(writer.late) do
    if each.due > now and each.due <= now + 2 * keep then
      table.insert(rest, each)
    elseif lowest == nil or id_less(each.id, lowest.id) then
      lowest = each
    end
  end
  writer.late = rest
  if lowest == nil or not id_less(lowest.id, at) then return at, false end
  if writer.told == nil or id_less(writer.told, at) then writer.told, writer.passed = at, passed end
  redis.call('HSET', cur, sink, lowest.id .. ' ' .. lowest.passed)
  return lowest.id, true
end

act('take_cursor', function(keys, args)
  local cur, meta, sink, name, keep = keys[1], keys[2], args[1], args[2], tonumber(args[4])
  local writer = read_writer(meta, sink)
  if writer.name ~= name and writer.name ~= '' and writer.name ~= args[3] then
    add_late(writer, due_at(keep), cursor_of(cur, sink))
  end
  writer.name = name
  local at = step_back(cur, sink, writer, keep)
  keep_writer(meta, sink, writer)
  return at
end, { 'allow-oom' })
