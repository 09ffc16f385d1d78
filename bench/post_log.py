"""How many logs a second one process takes: `python -m bench.post_log [sqlite] [postgresql] [--seconds 10]`.

One hundred connections, each request by one of 200 people with their own session, a fresh id and a random behavior;
authentication, rate limit, validation and a durable commit for each. Answers other than 2xx count as errors, and
afterwards the table must hold at least as many logs as were acknowledged.
"""

import argparse
import json
import statistics
from dataclasses import dataclass

from sqlalchemy import func, select

from bench.stage import Stage, stage
from bench.wrk import Measured, drive
from topline.core.clock import SystemClock
from topline.core.transaction import Database
from topline.logbook.models import BehaviorLog

_SCRIPT = """
local tokens = { %(tokens)s }
local behaviors = { %(behaviors)s }
local hex = "0123456789abcdef"
function init()
  math.randomseed(os.time() * 1000 + number * 7919 + %(salt)d)
end
local function digits(count)
  local made = {}
  for i = 1, count do
    local at = math.random(16)
    made[i] = hex:sub(at, at)
  end
  return table.concat(made)
end
function request()
  local stamp = string.format("%%012x", os.time() * 1000 + math.random(999))
  local id = stamp:sub(1, 8) .. "-" .. stamp:sub(9, 12) .. "-7" .. digits(3) .. "-8" .. digits(3) .. "-" .. digits(12)
  local body = '{"id":"' .. id .. '","behavior_id":"' .. behaviors[math.random(#behaviors)] ..
    '","outcome":"offered","place":"12"}'
  return wrk.format("POST", "/api/behavior-logs", {
    ["Cookie"] = "topline_session=" .. tokens[math.random(#tokens)],
    ["Content-Type"] = "application/json",
    ["Sec-Fetch-Site"] = "same-origin",
  }, body)
end
"""


def script(on: Stage, salt: int) -> str:
    """The load, in Lua."""
    return _SCRIPT % {
        "tokens": ",".join(f'"{token}"' for token in on.house.session_tokens),
        "behaviors": ",".join(f'"{behavior_id}"' for behavior_id in on.house.behavior_ids),
        "salt": salt,
    }


@dataclass(frozen=True)
class Result:
    """The median round, the server's memory afterwards and its processor time per request over all rounds."""

    run: Measured
    memory_mib: float
    cpu_us: float

    def data(self) -> dict[str, float]:
        """For the file of results."""
        return self.run.data() | {"memory_mib": round(self.memory_mib, 1), "cpu_us": round(self.cpu_us)}


def measure(kind: str, seconds: int, rounds: int) -> Result:
    """Measure on one kind of database. Each round on a fresh house, since no day has a hundred logs a person."""
    runs: list[Measured] = []
    memory = cpu = 0.0
    for number in range(rounds):
        with stage(kind) as on:
            warm = drive(on.url, script(on, number), seconds=1)
            before = on.cpu_seconds()
            runs.append(drive(on.url, script(on, 100 + number), seconds=seconds))
            cpu += on.cpu_seconds() - before
            memory = max(memory, on.memory_mib())
            answered = warm.requests + runs[-1].requests
            if stored(on) < answered:
                raise RuntimeError(f"{answered} logs were acknowledged, {stored(on)} are there")
    middle = statistics.median_low([run.requests_per_second for run in runs])
    run = next(run for run in runs if run.requests_per_second == middle)
    return Result(run, memory, cpu / sum(run.requests for run in runs) * 1e6)


def stored(on: Stage) -> int:
    """How many logs are in the table."""
    db = Database(on.database_url, SystemClock(), row_security=False)
    with db.read() as tx:
        count: int = tx.execute(select(func.count()).select_from(BehaviorLog)).scalar_one()
    db.close()
    return count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    options = parser.parse_args()
    results = {}
    for kind in options.kinds:
        found = measure(kind, options.seconds, options.rounds)
        results[kind] = found.data()
        if not options.json:
            more = f"{found.memory_mib:.0f} MiB   {found.cpu_us:.0f} µs of one core each"
            print(f"POST a log, {kind:10}  {found.run.line()}   {more}", flush=True)
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
