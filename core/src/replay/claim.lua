-- Claims one nonce for all replicas, by this server's own clock (wire contract section 5).
-- KEYS: the tag's, the epoch's, the tolerance's. ARGV: ts, max_ahead, retain-until, tolerance; seconds.
-- Replies: 0 fresh, 1 expired, 2 the guard is starting, 3 replayed, 4 another tolerance.
local tag, epoch_key, tolerance_key = KEYS[1], KEYS[2], KEYS[3]
local ts, max_ahead, retain_until, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local now = tonumber(redis.call('TIME')[1])

local shared = redis.call('GET', tolerance_key)
if shared and shared ~= tolerance then
  return 4
end

-- A store without an epoch is new, or was lost: what was claimed before is forgotten, so the fence is armed.
local epoch = tonumber(redis.call('GET', epoch_key))
if not epoch or not shared then
  epoch = now
  redis.call('SET', epoch_key, epoch)
  redis.call('SET', tolerance_key, tolerance)
end

if retain_until < now then
  return 1
end
if ts <= epoch + max_ahead then
  return 2
end
if redis.call('SET', tag, '1', 'NX', 'EXAT', retain_until + 1) then
  return 0
end
return 3
