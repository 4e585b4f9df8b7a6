-- Restore stream: entries under the ids that they had, and at the end the stream's own books, so that no id is ever given twice.
-- KEYS stream. ARGV last id ever given ('' while more entries follow), entries ever added, youngest deleted id, then per entry its
-- id, count of values and values. Returns entries written: those that are there already are passed by.
-- Writes the stream; no allow-oom: a full Redis refuses the restore.

act('restore_stream', function(keys, args)
  local stream, last = keys[1], '0-0'
  if redis.call('EXISTS', stream) == 1 then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then last = info[i + 1] end
    end
  end
  local written, at = 0, 4
  while at <= #args do
    local id, values = args[at], tonumber(args[at + 1])
    if id_less(last, id) then
      redis.call('XADD', stream, id, unpack(args, at + 2, at + 1 + values))
      last, written = id, written + 1
    end
    at = at + 2 + values
  end
  if args[1] == '' or args[1] == '0-0' then return written end
  -- A stream of which everything was taken out still knows how far it had come.
  if id_less(last, args[1]) then
    redis.call('XADD', stream, args[1], 'b', '')
    redis.call('XDEL', stream, args[1])
  end
  redis.call('XSETID', stream, args[1], 'ENTRIESADDED', args[2], 'MAXDELETEDID', args[3])
  return written
end)
