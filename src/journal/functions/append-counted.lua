-- Append counted: one body from a producer that numbers its batches, or a body of our own that only must not double.
-- KEYS in, marks, meta. ARGV token, kind ('' = events), field, seq ('-' = not numbered), events, body, the mark that the producer
-- goes on from ('-' = none, '*' = whatever). Returns {'accepted', entry, expected or '-'}, {'duplicate'} or {'behind', mark}. Writes
-- stream, mark and counts; no allow-oom: full means refused whole. A roll-up must get in, for what it adds up is let go only then.

local function append_counted(keys, args)
  local stream, marks, meta = keys[1], keys[2], keys[3]
  local token, kind, field, seq, events, body = args[1], args[2], args[3], args[4], tonumber(args[5]), args[6]
  local kept = redis.call('HGET', marks, field)
  local mark, last, entry, expected = '-', nil, nil, '-'
  if kept then
    mark, last, entry, expected = string.match(kept, '^(%S+) (%S+) (%S+) (%S+)$')
    -- The same call once more, its reply was lost: the receipt is the same, too.
    if last == token then return { 'accepted', entry, expected } end
  end
  expected = '-'
  if seq ~= '-' and mark ~= '-' then
    if tonumber(seq) <= tonumber(mark) then
      add_count(meta, 'duplicates', events)
      return { 'duplicate' }
    end
    if args[7] ~= '*' and args[7] ~= mark then return { 'behind', mark } end
    if tonumber(seq) > tonumber(mark) + 1 then expected = whole(tonumber(mark) + 1) end
  end
  if mark == '-' and args[7] ~= '*' and args[7] ~= '-' then return { 'behind', mark } end
  if kind == '' then
    entry = redis.call('XADD', stream, '*', 'b', body)
    add_count(meta, 'accepted', events)
  else
    entry = redis.call('XADD', stream, '*', 'k', kind, 'b', body)
  end
  redis.call('HSET', marks, field, seq .. ' ' .. token .. ' ' .. entry .. ' ' .. expected)
  if expected ~= '-' then add_count(meta, 'gaps', 1) end
  return { 'accepted', entry, expected }
end

act('append_counted', append_counted)
act('append_rollup', append_counted, { 'allow-oom' })
