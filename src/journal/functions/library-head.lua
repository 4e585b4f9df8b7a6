-- Library head: what every act of the journal shares. Joined before the acts into one library, loaded whole.
-- In: nothing. Out: local helpers, all named after what they answer.
-- Touches the server's clock through TIME; the library's content hash is part of every name, so old and new programs live side by side.

local VERSION = '@VERSION@'
-- unpack holds about 8,000 values; half of that leaves room for the rest of a call.
local CHUNK = 4000

local function act(name, run, flags)
  redis.register_function({ function_name = 'oee_' .. name .. '_' .. VERSION, callback = run, flags = flags or {} })
end

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Lua would print 1795327200000 as 1.7953272e+12.
local function whole(number)
  return string.format('%.0f', number)
end

-- Names the history that this server goes on with: another after every promotion of a replica and every restart, that is,
-- after everything that can shorten the past.
local function history()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end

local function memory()
  local info = redis.call('INFO', 'memory')
  return tonumber(string.match(info, 'used_memory:(%d+)')), tonumber(string.match(info, 'maxmemory:(%d+)'))
end

local function id_parts(id)
  local ms, n = string.match(id, '^(%d+)%-(%d+)$')
  return tonumber(ms), tonumber(n)
end

local function id_less(a, b)
  local a_ms, a_n = id_parts(a)
  local b_ms, b_n = id_parts(b)
  return a_ms < b_ms or (a_ms == b_ms and a_n < b_n)
end

-- One command over args[from..to], in as few calls as unpack allows.
local function in_chunks(command, key, args, from, to)
  for start = from, to, CHUNK do
    redis.call(command, key, unpack(args, start, math.min(start + CHUNK - 1, to)))
  end
end

local function add_count(meta, name, by)
  if by > 0 then redis.call('HINCRBY', meta, 'n:' .. name, by) end
end

-- Writes dead letters given as (count, json) pairs from args[from] on; returns how many events they stand for.
local function bury(dlq, args, from, letters)
  local events = 0
  for i = 0, letters - 1 do
    local count, letter = args[from + 2 * i], args[from + 2 * i + 1]
    redis.call('XADD', dlq, '*', 'n', count, 'l', letter)
    events = events + tonumber(count)
  end
  return events
end
