# Bare `make` prints this file's table of contents.
.DEFAULT_GOAL := help
.PHONY: help demo serve test check format docs screenshots migration bench fuzz lock audit sbom clean runtime dev .venv
SHELL := /bin/bash

PYTHON ?= python3
PORT ?= 8000
DATA ?= ./data
WORKERS ?= 2
ARGS ?=
FRESH ?=
BREAK ?=

PY := .venv/bin/python
DRAFT := TOPLINE_DATABASE_URL=sqlite:///build/draft.db
NEXT = $(shell printf '%04d' $$(($$(ls migrations/versions/[0-9]*.py | wc -l) + 1)))
export PYTHONPATH := $(CURDIR)/src

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

##@ Try it
demo: runtime ## A demo hotel on PORT=8000, kept in DATA=./data; FRESH=1 begins anew
	@$(PY) -m topline demo --port $(PORT) --data $(DATA) $(if $(FRESH),--fresh)

serve: runtime ## Topline with the settings of the environment
	@$(PY) -m topline serve $(ARGS)

##@ Change it
test: dev ## The whole suite; REQUIRE=all allows no skip, ARGS= goes to pytest
	@REQUIRE=$(REQUIRE) $(PY) -m pytest -q -n $(WORKERS) --dist loadscope $(ARGS)

check: dev ## Format, lint, types, imports, house rules, docs up to date
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m pytest -q tests/house
	$(PY) -m topline docs --check

format: dev ## Bring the code into the house format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

docs: dev ## Write docs/reference from the program; BREAK=1 takes back what the API promised
	$(PY) -m topline docs
	$(PY) -m tests.house.openapi $(if $(BREAK),--break)

screenshots: dev ## Every page at four sizes, light and dark, into ./screenshots
	$(PY) -m tests.browser.screenshots $(ARGS)

migration: dev ## A draft revision from the tables, MESSAGE="add behavior hint"
	@mkdir -p build && rm -f build/draft.db
	@$(DRAFT) $(PY) -m topline migrate up
	@$(DRAFT) .venv/bin/alembic revision --autogenerate --rev-id $(NEXT) -m "$(MESSAGE)"

lock: ## Lock the dependencies of pyproject.toml again, with hashes
	@PYTHON=$(PYTHON) scripts/lock.sh

audit: dev ## Ask whether a dependency has a known weakness; without an answer it says NOT AUDITED, which is no pass
	@$(PY) scripts/audit.py

sbom: dev ## What a release is made of, as CycloneDX, into dist/sbom.json
	@$(PY) scripts/sbom.py

##@ Measure it
bench: dev ## Rates, latencies, memory and start on SQLite and PostgreSQL; keeps bench/last-results.md
	$(PY) -m bench $(ARGS)

fuzz: dev ## Ten thousand good and bad requests as each role, on both databases; ARGS="--role owner" for one
	$(PY) -m bench.fuzz $(ARGS)

##@ Tidy up
clean: ## Remove caches and build output; .venv and data stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* screenshots
	find src tests bench scripts migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.venv runtime:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) scripts/environment.py runtime

dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) scripts/environment.py dev
