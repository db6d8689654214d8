-- Compare-and-append (I10): an event is added only behind the present head, and only by the holder of the lease.
-- KEYS[1] stream  KEYS[2] head (hash: length, hash)  KEYS[3] lease (text: fence:holder)  KEYS[4] set of the run's chains
-- ARGV[1] seq     ARGV[2] prev     ARGV[3] hash      ARGV[4] event (JSON)    ARGV[5] fence:holder, or empty for no lease
-- ARGV[6] name of the chain
-- Returns 'ok', 'lease-lost' or 'conflict'.
if ARGV[5] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[5] then
  return 'lease-lost'
end
local head = redis.call('HMGET', KEYS[2], 'length', 'hash')
local length = head[1] or '0'
local hash = head[2] or string.rep('0', 64)
if hash == ARGV[3] then
  return 'ok'
end
if hash ~= ARGV[2] or length ~= ARGV[1] then
  return 'conflict'
end
redis.call('XADD', KEYS[1], '*', 'hash', ARGV[3], 'event', ARGV[4])
redis.call('HSET', KEYS[2], 'length', tostring(tonumber(ARGV[1]) + 1), 'hash', ARGV[3])
redis.call('SADD', KEYS[4], ARGV[6])
return 'ok'
