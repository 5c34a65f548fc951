-- The shared token buckets of some tenants: takes what one gateway let through since its last
-- report, answers what is left for all gateways together.
--
-- KEYS[i]   the bucket of one tenant, a hash of "tokens" (may be negative: debt) and "at" (when they were
--           counted, microseconds); absent while it is full
-- ARGV[1]   now in microseconds since the epoch; 0 for the clock of this server
-- ARGV[2]   the time over which the tokens were taken, in microseconds
-- ARGV[3..] for every key five numbers: tokens taken, tokens left in the gateway's own bucket,
--           burst, rate (tokens a second), the greatest debt
-- Returns   for every key its tokens, rounded down; an error, and nothing is changed, if an argument is wrong

local PER_KEY = 5

if #ARGV ~= 2 + PER_KEY * #KEYS then
  return redis.error_reply('ERR expected 2 arguments and ' .. PER_KEY .. ' for each of the '
    .. #KEYS .. ' keys, found ' .. #ARGV)
end

local arg = {}
for i = 1, #ARGV do
  arg[i] = tonumber(ARGV[i])
  -- Only a finite number makes 0 of itself; one that does not would stay in the bucket for ever.
  if not arg[i] or arg[i] - arg[i] ~= 0 then
    return redis.error_reply('ERR argument ' .. i .. ' must be a number, found ' .. ARGV[i])
  end
end

for i = 5, #arg, PER_KEY do
  local burst, rate = arg[i], arg[i + 1]
  if burst < 1 or rate < 1 then
    return redis.error_reply('ERR burst and rate must be at least 1, found ' .. burst .. ' and ' .. rate)
  end
end

local now = arg[1]
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- What another program left under the key counts as nothing, so that it cannot stop the other tenants.
local function read(key)
  local fields = redis.pcall('HMGET', key, 'tokens', 'at')
  if fields.err then
    redis.call('DEL', key)
    return nil, nil
  end
  return tonumber(fields[1] or nil), tonumber(fields[2] or nil)
end

local function write(key, tokens, burst, rate)
  if tokens >= burst then
    redis.call('DEL', key)
  else
    redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', key, string.format('%.0f', math.ceil((burst - tokens) / rate * 1000) + 1))
  end
end

local left = {}
for i = 1, #KEYS do
  local first = 2 + PER_KEY * (i - 1)
  local taken, remaining = arg[first + 1], arg[first + 2]
  local burst, rate, greatest_debt = arg[first + 3], arg[first + 4], arg[first + 5]

  local tokens, at = read(KEYS[i])
  if tokens and at then
    -- A clock that went back refills nothing and counts on from there.
    local refill = math.max(0, now - at) * rate / 1000000
    -- What was refilled while the tokens were taken was there to be taken, also above the burst.
    tokens = math.min(tokens + refill, burst + arg[2] * rate / 1000000) - taken
  else
    -- Full and therefore expired, or lost with Redis's memory: the gateway knows best.
    tokens = remaining
  end
  tokens = math.max(-greatest_debt, math.min(burst, tokens))
  write(KEYS[i], tokens, burst, rate)
  left[i] = math.floor(tokens)
end
return left
