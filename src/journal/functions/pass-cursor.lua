-- Pass cursor: advance cursor for a sink whose neighbour keeps what came last: moved by whoever took it only, from where it took it.
-- KEYS cur, out, meta, dlq. ARGV sink, writer, cursor before, cursor after, lateMs, letters, then (id of its entry, outputs, letter)s.
-- Returns {'moved', outputs that are new to the neighbour, those among them that it will never take}, {'again', …} (moved, and set back
-- for what is due: take it anew), {'elsewhere'} (the cursor is not where it was), {'overtaken', 1, or 0 when the outbox does not
-- reach back so far any more} (another took it: this write may lie over newer ones, and all is written again from where it began) or
-- {'ahead'}. Writes cursor and writer, and those letters that were not written when the neighbour heard of them for the first time.

-- A place of the outbox after which there still is something, and whether all of that is there; nil when there is nothing.
local function place_in(out, id)
  local after = redis.call('XRANGE', out, '(' .. id, '+', 'COUNT', 1)
  if #after == 0 then return nil end
  local passed = after[1][2][2]
  return passed, passed == '0' or #redis.call('XREVRANGE', out, id, '-', 'COUNT', 1) > 0
end

-- Notes a write that began after an id, or where the cursor is if that is before it. Returns whether all that it may have overwritten is there.
local function note_late(cur, out, sink, writer, due, id)
  local at, before = cursor_of(cur, sink)
  local passed, reachable = place_in(out, id)
  if passed and id_less(id, at) then add_late(writer, due, id, passed) else add_late(writer, due, at, before) end
  return reachable or not id_less(id, at)
end

-- Those letters of args[from..] that stand for entries after an id, as bury takes them.
local function unheard(args, from, told)
  local letters = {}
  for i = from, #args, 3 do
    if told == nil or id_less(told, args[i]) then
      letters[#letters + 1] = args[i + 1]
      letters[#letters + 1] = args[i + 2]
    end
  end
  return letters
end

act('pass_cursor', function(keys, args)
  local cur, out, meta, sink = keys[1], keys[2], keys[3], args[1]
  local before, after, keep = args[3], args[4], tonumber(args[5])
  local writer = read_writer(meta, sink)
  if writer.name ~= args[2] then
    local reachable = note_late(cur, out, sink, writer, 0, before)
    keep_writer(meta, sink, writer)
    return { 'overtaken', reachable and 1 or 0 }
  end
  if cursor_of(cur, sink) ~= before then return { 'elsewhere' } end
  local known = place_in(out, before)
  local moved = move_cursor(cur, out, meta, sink, after)
  if moved ~= 'done' then return { moved } end
  local told = writer.told
  if told and id_less(before, told) then known = writer.passed end
  local letters = unheard(args, 7, told)
  local refused = bury(keys[4], letters, 1, #letters / 2)
  add_count(meta, 'refused', refused)
  if told and not id_less(after, told) then writer.told, writer.passed = nil, nil end
  local _, passed = cursor_of(cur, sink)
  local _, is_back = step_back(cur, sink, writer, keep)
  -- a repeat of this call must not move it again
  if is_back then writer.name = '' end
  keep_writer(meta, sink, writer)
  return { is_back and 'again' or 'moved', math.max(0, tonumber(passed) - tonumber(known or passed)), refused }
end, { 'allow-oom' })
