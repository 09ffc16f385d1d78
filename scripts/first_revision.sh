#!/bin/sh
# Write the first revision anew from the tables. Only while nothing has been released.
set -eu
cd "$(dirname "$0")/.."
rm -f migrations/versions/0001_*.py build/empty.db
mkdir -p build
TOPLINE_DATABASE_URL="sqlite:///build/empty.db" PYTHONPATH=src .venv/bin/alembic revision --autogenerate --rev-id 0001 -m "first schema"
sed -i '/### commands auto generated/d; /### end Alembic/d' migrations/versions/0001_*.py
.venv/bin/ruff format -q migrations
.venv/bin/ruff check -q --fix migrations || true
