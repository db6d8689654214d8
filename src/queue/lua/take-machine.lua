-- Takes the queueing lease of a machine for a host run; the same host run may take it again (I4).
-- KEYS[1] machine  KEYS[2] fence counter   ARGV[1] run/host  ARGV[2] life in ms
-- Returns the empty text, or who holds it.
local present = redis.call('GET', KEYS[1])
if present and present ~= ARGV[1] then
  return present
end
if not present then
  redis.call('INCR', KEYS[2])
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''
