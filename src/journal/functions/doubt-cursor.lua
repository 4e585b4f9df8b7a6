-- Doubt cursor: a write to a sink's neighbour was given up, and may still take effect.
-- KEYS cur, out, meta. ARGV sink, the cursor from which it began, lateMs. Returns 1, or 0 when the outbox does not reach back so far any more.
-- Writes the writer of the sink: when it is over for certain, whoever writes then goes on from there once more.

act('doubt_cursor', function(keys, args)
  local writer = read_writer(keys[3], args[1])
  local reachable = note_late(keys[1], keys[2], args[1], writer, due_at(tonumber(args[3])), args[2])
  keep_writer(keys[3], args[1], writer)
  return reachable and 1 or 0
end, { 'allow-oom' })
