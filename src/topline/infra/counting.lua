-- Counts asks in Redis, each in one step: no process can slip between looking and counting. infra/counting.py says the
-- same in Python; the tests hold one against the other.
-- ARGV: the time in milliseconds ("" for the server's own), then for each of KEYS how many windows and of each its amount
-- and length in milliseconds. Answers five numbers for each key: the window that tells most (from 1), 1 when allowed, how
-- many are left in it, and the milliseconds until it ends and until one more is allowed.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function look(amount, length, start, hits, before)
  start, hits, before = start or now, hits or 0, before or 0
  local passed = math.max(0, now - start)
  if passed >= length then
    -- Windows follow each other without a gap; after a pause of a whole one nothing is left.
    local follows = passed < 2 * length
    start, hits, before = follows and start + length or now, 0, follows and hits or 0
    passed = now - start
  end
  local used, wait = math.floor(before * (length - passed) / length) + hits, 0
  if used >= amount then
    local free = hits >= amount and length or math.floor(length * (before - amount + hits) / before)
    wait = free + 1 - passed
  end
  return {start = start, hits = hits, before = before, left = amount - used, ends = length - passed, wait = wait, length = length}
end

local at, answers = 2, {}
for _, key in ipairs(KEYS) do
  local state, windows, allowed = {}, {}, true
  for number in string.gmatch(redis.call('GET', key) or '', '%d+') do state[#state + 1] = tonumber(number) end
  for i = 1, tonumber(ARGV[at]) do
    local window = look(tonumber(ARGV[at + 2 * i - 1]), tonumber(ARGV[at + 2 * i]), unpack(state, 3 * i - 2, 3 * i))
    windows[i] = window
    allowed = allowed and window.wait == 0
  end
  at = at + 1 + 2 * #windows
  local telling, kept, lasts = 1, {}, 0
  for i, window in ipairs(windows) do
    if allowed then
      window.hits, window.left = window.hits + 1, window.left - 1
    end
    local best = windows[telling]
    if window.wait > best.wait or (allowed and window.left < best.left) then telling = i end
    kept[i] = string.format('%d %d %d', window.start, window.hits, window.before)
    lasts = math.max(lasts, window.ends + window.length)
  end
  if allowed then redis.call('SET', key, table.concat(kept, ' '), 'PX', lasts) end
  local told = windows[telling]
  for _, number in ipairs({telling, allowed and 1 or 0, math.max(0, told.left), told.ends, told.wait}) do
    answers[#answers + 1] = number
  end
end
return answers
