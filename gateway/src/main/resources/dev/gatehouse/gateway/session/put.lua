-- Keeps a session, and notes it with those of the same user and the same session of the provider's.
-- KEYS: the session; the indexes that it is noted in.
-- ARGV: the sealed session; how long it lasts unused (ms); its name; when it began and when it ends
-- at last (ms since the epoch); how many sessions a user may have; what the keys of sessions begin
-- with; the channel; what the message of an end begins with.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 2, #KEYS do
  local known = redis.call('ZRANGE', KEYS[i], 0, -1)
  local kept = 0
  for _, name in ipairs(known) do
    if redis.call('EXISTS', ARGV[7] .. name) == 0 then
      redis.call('ZREM', KEYS[i], name)
    else
      kept = kept + 1
    end
  end
  local over = kept + 1 - tonumber(ARGV[6])
  if over > 0 then
    for _, oldest in ipairs(redis.call('ZRANGE', KEYS[i], 0, over - 1)) do
      redis.call('DEL', ARGV[7] .. oldest)
      redis.call('ZREM', KEYS[i], oldest)
      redis.call('PUBLISH', ARGV[8], ARGV[9] .. oldest)
    end
  end
  redis.call('ZADD', KEYS[i], ARGV[4], ARGV[3])
  local lasts = redis.call('PEXPIRETIME', KEYS[i])
  if lasts < tonumber(ARGV[5]) then
    redis.call('PEXPIREAT', KEYS[i], ARGV[5])
  end
end
return 1
