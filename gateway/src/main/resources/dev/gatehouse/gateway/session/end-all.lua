-- Ends all sessions that are noted in an index, and tells every gateway.
-- KEYS: the index.
-- ARGV: what the keys of sessions begin with; the channel; what the message begins with.
local names = redis.call('ZRANGE', KEYS[1], 0, -1)
for _, name in ipairs(names) do
  redis.call('DEL', ARGV[1] .. name)
  redis.call('PUBLISH', ARGV[2], ARGV[3] .. name)
end
redis.call('DEL', KEYS[1])
return #names
