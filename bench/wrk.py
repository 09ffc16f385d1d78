"""Drive a load with wrk and read what it measured."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One run. Latencies in milliseconds; `errors` are answers other than 2xx, and broken connections."""

    requests_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests: int
    errors: int

    def line(self) -> str:
        """For people."""
        return (
            f"{self.requests_per_second:8.0f}/s   p50 {self.p50_ms:6.1f} ms   p95 {self.p95_ms:6.1f} ms   "
            f"p99 {self.p99_ms:6.1f} ms   errors {self.errors}"
        )

    def cells(self) -> list[str]:
        """For a table: rate, latencies, errors."""
        return [
            f"{self.requests_per_second:,.0f}/s",
            *(f"{value:.1f} ms" for value in (self.p50_ms, self.p95_ms, self.p99_ms)),
            str(self.errors),
        ]

    def data(self) -> dict[str, float]:
        """For the file of results."""
        return {name: round(value, 1) for name, value in asdict(self).items()}


_DONE = """
local answers = {}
function setup(thread)
  thread:set("number", #answers + 1)
  table.insert(answers, thread)
end
refused = 0
function response(status)
  if status < 200 or status > 299 then refused = refused + 1 end
end
function done(summary, latency)
  local e = summary.errors
  local bad = e.connect + e.read + e.write + e.timeout
  for _, thread in ipairs(answers) do bad = bad + thread:get("refused") end
  io.write(string.format('MEASURED {"seconds":%f,"requests":%d,"errors":%d,"p50":%f,"p95":%f,"p99":%f}\\n',
    summary.duration / 1e6, summary.requests, bad,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


def drive(url: str, script: str, *, seconds: int, connections: int = 100, threads: int = 2) -> Measured:
    """Run wrk with a Lua script that defines `init` and `request`. Raises when wrk is not there or fails."""
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.lua"
        path.write_text(_DONE + script)
        command = [
            program,
            f"-t{threads}",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(path),
            url,
        ]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in found.stdout.splitlines():
        if line.startswith("MEASURED "):
            data = json.loads(line.removeprefix("MEASURED "))
            rate = data["requests"] / data["seconds"]
            return Measured(rate, data["p50"], data["p95"], data["p99"], data["requests"], data["errors"])
    raise RuntimeError(f"wrk said nothing:\n{found.stdout}\n{found.stderr}")
