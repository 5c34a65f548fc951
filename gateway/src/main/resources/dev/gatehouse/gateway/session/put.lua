-- Keeps a session, and notes it with those of the same user and the same session of the provider's.
-- KEYS: the session; the indexes that it is noted in.
-- ARGV: the sealed session; how long it lasts unused (ms); its name; now and when it ends at last
-- (ms since the epoch); how many sessions a user may have; what the keys of sessions begin with.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 2, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[4])
  redis.call('ZADD', KEYS[i], ARGV[5], ARGV[3])
  local over = redis.call('ZCARD', KEYS[i]) - tonumber(ARGV[6])
  if over > 0 then
    for _, oldest in ipairs(redis.call('ZRANGE', KEYS[i], 0, over - 1)) do
      redis.call('DEL', ARGV[7] .. oldest)
    end
    redis.call('ZREMRANGEBYRANK', KEYS[i], 0, over - 1)
  end
  redis.call('PEXPIREAT', KEYS[i], ARGV[5])
end
return 1
