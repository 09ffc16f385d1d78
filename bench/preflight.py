"""What preflight says to each planted fault, as a table for the record: `python -m bench.preflight`."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.upkeep.deployment import BY_HAND, DEPLOYED, PLANTED, Fault, deploy, mend
from topline.upkeep.preflight.checklist import Outcome, Verdict


def main() -> None:
    """Print the table; 1 when a fault was not found, or something was found where there is none."""
    print("| line | planted | preflight | its evidence | what it says to do |")
    print("| --- | --- | --- | --- | --- |")
    missed = 0
    with ExitStack() as stack:
        good = deploy(stack, _folder(stack))
        for name, outcome in good.look().items():
            wanted = Verdict.NOT_CHECKABLE if name in BY_HAND else Verdict.PASS
            missed += _row("nothing", outcome, wanted)
        for fault in PLANTED:
            fault.plant(good)
            missed += _row(fault.what, good.look()[fault.line], Verdict.FAIL)
            mend(good)
    for fault in DEPLOYED:
        missed += _row(fault.what, _deployed(fault), Verdict.FAIL)
    raise SystemExit(1 if missed else 0)


def _deployed(fault: Fault) -> Outcome:
    with ExitStack() as stack:
        return deploy(stack, _folder(stack), fault.proxy, fault.settings).look()[fault.line]


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"


def _row(planted: str, outcome: Outcome, wanted: Verdict) -> bool:
    found = outcome.finding
    cells = (outcome.line.name, planted, str(found.verdict), found.evidence, found.todo)
    print("| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |", flush=True)
    return found.verdict is not wanted


if __name__ == "__main__":
    main()
