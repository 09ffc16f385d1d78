"""What outside tools say of the front door: testssl.sh, csp_evaluator and Mozilla's HTTP Observatory.

Each front (Caddy and nginx with the configurations of `deploy/`, and Topline doing TLS itself) is started on this
machine. The npm packages go into a temporary folder. Prints one line a tool, and exits with 1 when one is not met.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.browser.support.server import Server
from tests.support import parts, proxies
from tests.support.certificates import NAME, Pair, make_pair
from tests.support.proxies import Front
from tests.support.servers import free_port
from topline.core.migrations import upgrade

KINDS: Final = ("caddy", "nginx", "topline")
NPM: Final = ("csp_evaluator@1.1.8", "@mdn/mdn-http-observatory@1.4.8")
#: Protocols, ciphers, forward secrecy, the server's defaults, known weaknesses, headers.
TESTSSL: Final = ("-p", "-s", "-f", "-P", "-S", "-U", "-h")
OLD: Final = ("SSLv2", "SSLv3", "TLS1", "TLS1_1")
#: What testssl.sh finds grave about this machine's own certificates (one that vouches for itself, or half a day of
#: Caddy's authority), and would not about those of a public authority.
OF_THE_TEST: Final = (
    "cert_chain_of_trust",
    "cert_trust",
    "cert_crlDistributionPoints",
    "cert_revocation",
    "cert_expirationStatus",
    "cert_notAfter",
    "OCSP",
)
#: Granian's TLS library leaves the choice to the client. That is a fault only where there is something weak to choose.
ORDER: Final = "cipher_order"
WEAK: Final = ("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA", "AVERAGE")


@contextmanager
def front(kind: str, folder: Path, pair: Pair) -> Iterator[Front]:
    """One of the three, before an empty installation."""
    url = f"sqlite:///{folder / 'topline.db'}"
    upgrade(url)
    settings = {"TOPLINE_LIMIT_API": "100000/minute"}
    if kind == "topline":
        found = Front(kind, free_port(), free_port(), pair.certificate)
        tls = {"CERTIFICATE": pair.certificate, "KEY": pair.key, "REDIRECT_PORT": found.plain_port}
        settings |= {f"TOPLINE_TLS_{name}": str(value) for name, value in tls.items()}
        server = Server(folder / "data", url, settings, found.port).start()
        try:
            yield found
        finally:
            server.stop()
        return
    socket = folder / "topline.sock"
    settings |= {"TOPLINE_SOCKET": str(socket), "TOPLINE_TRUSTED_PROXIES": "127.0.0.1"}
    server = Server(folder / "data", url, settings).start()
    program = (parts.CADDY if kind == "caddy" else parts.NGINX).program
    assert program is not None, f"{kind} is not installed"
    try:
        with (
            proxies.caddy(program, folder / "proxy", f"unix/{socket}")
            if kind == "caddy"
            else proxies.nginx(program, folder / "proxy", f"unix:{socket}", pair)
        ) as found:
            yield found
    finally:
        server.stop()


def ask_testssl(found: Front, folder: Path) -> tuple[bool, str]:
    """No protocol below TLS 1.2, nothing HIGH or CRITICAL but what a test's certificate is."""
    report = folder / "testssl.json"
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    assert program is not None, "testssl.sh is not installed"
    command = [
        program,
        "--quiet",
        "--color",
        "0",
        "--jsonfile",
        str(report),
        *TESTSSL,
        f"{NAME}:{found.port}",
    ]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lines: list[dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))
    offered = {line["id"]: line["finding"] for line in lines}
    old = [name for name in OLD if not offered[name].startswith("not offered")]
    weak = [name for name in WEAK if not offered[f"cipherlist_{name}"].startswith("not offered")]
    aside = OF_THE_TEST if weak else (*OF_THE_TEST, ORDER)
    high = [line for line in lines if line["severity"] in ("HIGH", "CRITICAL")]
    grave = [f"{line['id']}: {line['finding']}" for line in high if not line["id"].startswith(aside)]
    set_aside = sorted({line["id"] for line in high if line["id"].startswith(aside)})
    said = f"{len(lines)} lines; below 1.2: {old or 'none'}; HIGH or CRITICAL: {grave or 'none'}"
    if set_aside:
        said += f" (set aside: {', '.join(set_aside)})"
    return not old and not grave and len(lines) > 50, f"testssl.sh: {said}"


def ask_npm(found: Front, packages: Path) -> list[tuple[bool, str]]:
    """The policy, and all headers, as Google's and Mozilla's tools see them."""
    script = Path(__file__).with_suffix(".mjs")
    command = ["node", str(script), str(packages), str(found.plain_port), str(found.port)]
    trusting = {**os.environ, "NODE_EXTRA_CA_CERTS": str(found.authority)}
    told: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True, env=trusting).stdout
    )
    high = [one for one in told["csp"] if one["severity"].startswith("HIGH")]
    lesser = sorted({f"{one['severity']} {one['directive']}" for one in told["csp"]})
    failed = [rule["result"] for rule in told["rules"] if not rule["pass"]]
    return [
        (not high, f"csp_evaluator: HIGH: {high or 'none'}; lesser: {lesser or 'none'}"),
        (
            told["grade"] == "A+",
            f"HTTP Observatory: {told['grade']}, {told['score']}; failed: {failed or 'none'}",
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.front", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=KINDS, help="caddy, nginx, topline; default all")
    all_met = True
    with tempfile.TemporaryDirectory(prefix="topline-front-") as name:
        folder = Path(name)
        (folder / "pair").mkdir()
        pair, packages = make_pair(folder / "pair"), folder / "npm"
        packages.mkdir()
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", *NPM]
        subprocess.run(install, cwd=packages, check=True, capture_output=True)
        for kind in parser.parse_args().kinds:
            (folder / kind).mkdir()
            with front(kind, folder / kind, pair) as found:
                for is_met, line in [*ask_npm(found, packages), ask_testssl(found, folder / kind)]:
                    all_met &= is_met
                    print(f"{kind:8} {'ok  ' if is_met else 'NOT '} {line}", flush=True)
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main())
