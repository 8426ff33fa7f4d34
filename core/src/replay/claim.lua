-- Claims one nonce for all replicas, by this server's own clock (wire contract section 5). Redis 6.2 or later.
-- KEYS: the tag's, the epoch's, the tolerance's, the server's. ARGV: ts, max_ahead, retain-until, tolerance, margin; seconds.
-- Replies: 0 fresh, 1 expired, 2 the guard is starting, 3 replayed, 4 another tolerance, 5 full.
local tag_key, epoch_key, tolerance_key, server_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ts, max_ahead, retain_until = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tolerance, margin = ARGV[4], tonumber(ARGV[5])
local now = tonumber(redis.call('TIME')[1])

-- For want of memory the guard is full; a replica, or a disk that fails, is another error.
local function unwritten(reply)
  return string.find(reply.err, 'OOM', 1, true) and 5 or reply
end

-- A plain search: a pattern would cost two microseconds more.
local info = redis.call('INFO', 'server')
local run_at = string.find(info, 'run_id:', 1, true)
if not run_at then
  return redis.error_reply('INFO gives no run_id')
end
local run = string.sub(info, run_at + 7, run_at + 46)

local kept = redis.call('MGET', epoch_key, tolerance_key, server_key)
if kept[2] and kept[2] ~= tolerance then
  return 4
end
local epoch = tonumber(kept[1] or nil)
local kept_run, seen = string.sub(kept[3] or '', 1, 40), tonumber(string.sub(kept[3] or '', 42))

-- What was claimed may be forgotten: in a store that is new, was flushed, or runs anew from a snapshot or as a replica that took over, and
-- where the clock ran ahead, so that keys ended early, and was set back. What was signed until now is refused.
local lost = not epoch or not kept[2] or not seen or kept_run ~= run or now + margin < seen
if lost then
  epoch = now
end
if lost or now > seen then
  local saved = redis.pcall('MSET', epoch_key, epoch, tolerance_key, tolerance, server_key, run .. ' ' .. now)
  if saved.err then
    return unwritten(saved)
  end
end

if retain_until < now then
  return 1
end
if ts <= epoch + max_ahead then
  return 2
end
local claimed = redis.pcall('SET', tag_key, '1', 'NX', 'EXAT', retain_until + 1)
if not claimed then
  return 3
end
if claimed.err then
  return unwritten(claimed)
end
return 0
