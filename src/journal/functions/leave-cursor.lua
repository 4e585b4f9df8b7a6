-- Leave cursor: whoever took it has nothing under way, and takes its leave: the next one has nothing to write once more.
-- KEYS meta. ARGV sink, writer. Returns 1, or 0 when another has it by now.
-- Writes the writer of the sink.

act('leave_cursor', function(keys, args)
  local writer = read_writer(keys[1], args[1])
  if writer.name ~= args[2] then return 0 end
  writer.name = ''
  keep_writer(keys[1], args[1], writer)
  return 1
end, { 'allow-oom' })
