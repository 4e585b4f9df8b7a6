-- Claim lease: become a partition's owner when nobody living is. Every claim raises the fence, our own second one too.
-- KEYS in, meta. ARGV owner, leaseMs. Returns {fence, checkpoint number, offset, 1 when the log ended before the offset}, or
-- {0, owner} while another's lease runs. Writes fence, owner, lease end (server time) and length, history, and after a change of it the epoch.

-- What was committed and lost had higher numbers than anything that is left. In a new history every number is higher than any that
-- was ever given, so that whoever saw the lost outputs sees all that replace them: the clock counts faster than commits ever will,
-- and therefore says more than every number of an earlier history, of one that nobody remembers, too. A clock that was set back
-- says less: then the numbers go on beyond more commits than a fall-back takes along.
local NUMBERS_PER_MS = 1000
local LOST_MAX = 1000000

local function number_of_new_history(number, now)
  return math.max(number + LOST_MAX, now * NUMBERS_PER_MS)
end

-- Ids of the log rise from the last one on. A log that was emptied under its state would begin anew wherever the clock is, and
-- what came in below the offset would never be read.
local function mend_log(stream, offset)
  local last = '0-0'
  if redis.call('EXISTS', stream) == 1 then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then last = info[i + 1] end
    end
  end
  if not id_less(last, offset) then return 0 end
  redis.call('XADD', stream, offset, 'b', '')
  redis.call('XDEL', stream, offset)
  return 1
end

-- A lease never ends later than its length from now. One that does was given before the clock was set back; its owner may be
-- dead, and nobody could follow it until the clock was there again.
local function lease_runs(meta, lease, length, now)
  if lease > now + length then redis.call('HSET', meta, 'lease', whole(now + length)) end
  return lease > now
end

act('claim_lease', function(keys, args)
  local stream, meta = keys[1], keys[2]
  local held = redis.call('HMGET', meta, 'owner', 'lease', 'cp', 'offset', 'history', 'length')
  local now = now_ms()
  local length = tonumber(held[6] or args[2])
  if held[1] and held[1] ~= '' and held[1] ~= args[1] and lease_runs(meta, tonumber(held[2] or '0'), length, now) then
    return { 0, held[1] }
  end
  local number, offset, here = tonumber(held[3] or '0'), held[4] or '0-0', history()
  if held[5] ~= here then
    if held[5] or number > 0 then
      number = number_of_new_history(number, now)
      redis.call('HINCRBY', meta, 'epoch', 1)
    end
    redis.call('HSET', meta, 'history', here, 'cp', whole(number))
  end
  local mended = mend_log(stream, offset)
  local fence = redis.call('HINCRBY', meta, 'fence', 1)
  redis.call('HSET', meta, 'owner', args[1], 'lease', whole(now + tonumber(args[2])), 'length', args[2])
  return { fence, whole(number), offset, mended }
end, { 'allow-oom' })
