-- Prolongs a lease. One that ran out while Redis was away is held again, as long as nobody else has taken it since.
-- KEYS[1] lease  KEYS[2] fence counter   ARGV[1] holder  ARGV[2] fence  ARGV[3] life in ms
-- Returns 1 where the lease is held, else 0.
local mine = ARGV[2] .. ':' .. ARGV[1]
local present = redis.call('GET', KEYS[1])
if present == mine then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1
end
if not present and redis.call('GET', KEYS[2]) == ARGV[2] then
  redis.call('SET', KEYS[1], mine, 'PX', ARGV[3])
  return 1
end
return 0
