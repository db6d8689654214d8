-- Takes a lease that nobody holds (I4). Each taking gets the next fence number, so that an earlier holder is told apart.
-- KEYS[1] lease  KEYS[2] fence counter   ARGV[1] holder  ARGV[2] life in ms
-- Returns the fence number, or 0 where somebody holds it.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
return fence
