#!/usr/bin/env bash
# Writes requirements/*.txt from pyproject.toml: every package pinned and hashed, for every platform, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
    echo "uv is missing. Install it with: ${PYTHON:-python3} -m pip install uv" >&2
    exit 1
fi

compile() {
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --output-file "$@"
}

compile requirements/runtime.txt
compile requirements/secrets.txt --extra aws --extra vault --constraint requirements/runtime.txt
compile requirements/dev.txt --group dev --extra aws --extra vault --constraint requirements/runtime.txt
echo "requirements/*.txt are written; read the difference before committing it."
