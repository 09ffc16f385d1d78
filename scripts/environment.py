"""Makes .venv from a locked, hashed requirements file, and does nothing when that was done already.

Run with the system's Python, so standard library only:  python3 scripts/environment.py runtime|dev
A stamp in .venv holds the checksum of the lock file it was made from; a fresh stamp ends the run at once.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LOCKS = ("dev", "runtime")

WRAPPER = """#!/bin/sh
exec "$(dirname "$0")/python" -m topline "$@"
"""


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        print("usage: environment.py runtime|dev", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        return _give_up("Topline needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    name = sys.argv[1]
    lock = _lock(name)
    if PYTHON.exists() and _stamp(name).exists() and _stamp(name).read_text().strip() == _checksum(name):
        return 0
    if not PYTHON.exists() and not _make_venv():
        return 1
    for part in LOCKS:  # what is there is nobody's lock until this has ended well
        _stamp(part).unlink(missing_ok=True)
    print(f"Installing {_count(lock)} locked packages into .venv ...", flush=True)
    if not _install(lock):
        return _give_up(
            "The packages could not be installed; what is wrong stands above. Nothing outside .venv changed."
        )
    _make_importable()
    for part in LOCKS[LOCKS.index(name) :]:  # dev holds everything that runtime holds
        _stamp(part).write_text(_checksum(part) + "\n")
    print(".venv is ready.", flush=True)
    return 0


def _make_venv() -> bool:
    """Without ensurepip (Debian ships it apart) a half-made folder would be left, so look first."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        _give_up(
            f"Python's venv module is missing. On Debian or Ubuntu:\n\n    sudo apt-get install {package}\n"
        )
        return False
    print("Making .venv ...", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        _give_up(f".venv could not be made: {error}\nOn Debian or Ubuntu: sudo apt-get install python3-venv")
        return False
    return True


def _install(lock: Path) -> bool:
    """Wheels only: a source package would run its own, unlocked build."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


def _make_importable() -> None:
    """Our own package is used from src/ as it stands: no build, no build tool, nothing to download."""
    for site in (VENV / "lib").glob("python*/site-packages"):
        (site / "topline-src.pth").write_text(f"{ROOT / 'src'}\n")
    wrapper = VENV / "bin" / "topline"
    if not wrapper.exists():
        wrapper.write_text(WRAPPER)
        wrapper.chmod(0o755)


def _lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def _checksum(name: str) -> str:
    return hashlib.sha256(_lock(name).read_bytes()).hexdigest()


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _count(lock: Path) -> int:
    return sum(
        "==" in line and not line.lstrip().startswith(("#", "--")) for line in lock.read_text().splitlines()
    )


def _give_up(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
