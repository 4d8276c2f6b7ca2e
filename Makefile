# Everything runs from a virtual environment that `make` builds by itself: it needs Python 3.11 or newer,
# make and a package index. Setup runs again when a lock or pyproject.toml changes.

PYTHON ?= python3
JOBS ?= 2
Q ?= usage 30d
LOCK_FLAGS ?=

VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: warnings of the machine's own pip settings say nothing about this project.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest
FAST := $(PYTEST) -m "not slow" -n $(JOBS) --dist loadgroup

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo ask test check cover slow playground faults interop audit sbom bench load docs gallery lock format \
	setup setup-dev

# What the caller's shell says about Python or pytest must not change a result here.
unexport PYTHONPATH PYTHONHOME PYTEST_ADDOPTS PYTHONDONTWRITEBYTECODE
export Q

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

demo: setup ## a demo workspace to talk to; needs no key, no chat and no network
	$(BIN)/codex-pulse demo

ask: setup ## answer Q from the demo workspace: make ask Q="usage 30d by model"
	@$(BIN)/codex-pulse ask --demo "$$Q"

test: setup-dev ## the fast tests
	$(FAST)

check: setup-dev ## format, lint, imports, types, and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(FAST)

# Apart from `check`: up to Python 3.13, tracing every line nearly doubles the time of the tests.
cover: setup-dev ## the fast tests with branch coverage; fails below what pyproject.toml asks for
	$(FAST) --cov --cov-report=term

slow: setup-dev playground ## the tests that need a browser, a database server, killed processes or minutes
	$(PYTEST) -m slow || test $$? -eq 5

# Microsoft's Teams client for one machine. Without npm its one test is skipped and says so.
NPM_LOCK := tests/teams/npm/package-lock.json
PLAYGROUND := $(VENV)/playground
playground: $(VENV)/.created ## the Teams client that one slow test talks to, from npm
	@{ cmp -s $(NPM_LOCK) $(PLAYGROUND)/package-lock.json && test -d $(PLAYGROUND)/node_modules; } || \
		{ mkdir -p $(PLAYGROUND) && cp tests/teams/npm/*.json $(PLAYGROUND)/ && \
		(cd $(PLAYGROUND) && npm ci --silent --no-audit --no-fund --ignore-scripts); } || \
		echo "the Agents Playground could not be installed: it needs the Debian packages nodejs and npm" >&2

# The tests of everything that fails: the API, the disk, the databases, the platforms, killed processes.
FAULTS := tests/faults tests/analytics/api/test_network.py tests/slack/test_faults.py tests/slack/test_delivery.py \
	tests/slack/test_app.py tests/teams tests/lake/test_store.py tests/dispatch/test_lanes.py tests/schedule/test_ticker.py \
	tests/sync/test_killed.py tests/schedule/test_kill.py tests/e2e/test_replicas.py tests/e2e/test_stopping.py

faults: setup-dev playground ## everything that can fail does: API, disk, databases, platforms, killed processes
	$(PYTEST) $(FAULTS)

# Not part of `.ci/run`: Spark is 400 MB and its queries take a minute or more.
interop: setup-dev $(VENV)/.locked-interop ## the metrics' expressions on Apache Spark; needs Java 17 or newer
	@java -version >/dev/null 2>&1 \
		|| { echo "Spark needs Java 17 or newer: install the Debian package default-jre-headless" >&2; exit 1; }
	$(PYTEST) tests/interop

audit: $(VENV)/.locked-audit ## compare requirements.lock with the OSV advisory database; needs the network
	@.ci/audit $(BIN)/pip-audit requirements.lock

# Reproducible: the same lock gives the same bytes. The tool warns that a lock has no graph of dependencies.
sbom: $(VENV)/.locked-audit ## write sbom.json, a CycloneDX 1.6 list of everything requirements.lock installs
	@PYTHONWARNINGS=ignore::UserWarning $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml \
		--mc-type application --sv 1.6 --output-reproducible --output-file sbom.json requirements.lock
	@sha256sum sbom.json

bench: setup-dev ## the measurements in benchmarks/bench_*.py, one after the other
	@set -e; for script in $(sort $(wildcard benchmarks/bench_*.py)); do \
		echo "== $$script"; $(BIN)/python "$$script"; done

docs: setup-dev ## write the generated documents anew, demo answers and their pictures included
	$(BIN)/python -m bot.app.docs answers

load: setup-dev ## 200 people ask the real bot for a minute (LOAD_SECONDS=300 for five); printed
	$(BIN)/python benchmarks/load.py

gallery: setup-dev ## draw every chart of the gallery
	$(BIN)/python -m charts.gallery

format: setup-dev ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Every extra is locked. `make lock LOCK_FLAGS=--upgrade` takes newer releases; without it pins stay.
COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras \
	--custom-compile-command "make lock" $(LOCK_FLAGS)
PROJECT = pyproject.toml --all-extras

lock: setup-dev ## write every lock anew from pyproject.toml
	$(COMPILE) $(PROJECT) --group build --output-file requirements.lock
	$(COMPILE) $(PROJECT) --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group interop --constraints requirements-dev.lock --output-file requirements-interop.lock
	$(COMPILE) --group audit --constraints requirements-dev.lock --output-file requirements-audit.lock

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Codex Pulse needs Python 3.11 or newer; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python cannot make virtual environments here: install the Debian package python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Hashes and an editable install do not go together, hence two steps.
$(VENV)/.locked: requirements.lock $(VENV)/.created
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.locked-dev: requirements-dev.lock $(VENV)/.locked
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Tools of single targets, beside everything else and of the same versions where they share a library.
$(VENV)/.locked-interop: requirements-interop.lock $(VENV)/.locked-dev
	$(PIP) install --require-hashes -r requirements-interop.lock
	@touch $@

$(VENV)/.locked-audit: requirements-audit.lock $(VENV)/.locked-dev
	$(PIP) install --require-hashes -r requirements-audit.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed $(VENV)/.locked-dev
	@touch $@
