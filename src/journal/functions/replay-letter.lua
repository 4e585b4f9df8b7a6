-- Replay letter: what was refused goes into the log again, and its letter out of the dead letters, in one act: never lost, never twice.
-- KEYS dlq, in, meta. ARGV token, id, text. Returns the new entry's id, or '-' when the letter is not there any more.
-- Writes stream, dead letters and counts; no allow-oom: full means refused whole. The id check is passed by: its id is known.

act('replay_letter', function(keys, args)
  local found = redis.call('XRANGE', keys[1], args[2], args[2])
  if #found == 0 then
    local last, entry = string.match(redis.call('HGET', keys[3], 'last:replay') or '', '^(%S+) (%S+)$')
    if last == args[1] then return entry end
    return '-'
  end
  local entry = redis.call('XADD', keys[2], '*', 'b', args[3])
  redis.call('XDEL', keys[1], args[2])
  redis.call('HSET', keys[3], 'last:replay', args[1] .. ' ' .. entry)
  add_count(keys[3], 'replayed', tonumber(found[1][2][2]))
  return entry
end)
