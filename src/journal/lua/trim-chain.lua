-- Removes the events of an archived chain, unless it has gone on since it was read. The head stays.
-- KEYS[1] stream  KEYS[2] head (hash: length, hash)   ARGV[1] hash of the last archived event
-- Returns the number of streams removed.
if redis.call('HGET', KEYS[2], 'hash') ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
