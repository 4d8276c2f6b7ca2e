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

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo ask test check slow faults bench docs gallery lock format setup setup-dev

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
	$(PYTEST) -m "not slow" -n $(JOBS) --dist loadgroup

check: setup-dev ## format, lint, imports, types, and the fast tests with branch coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTEST) -m "not slow" -n $(JOBS) --dist loadgroup --cov --cov-report=term

slow: setup-dev ## the tests that need a browser, a database server, killed processes or minutes
	$(PYTEST) -m slow || test $$? -eq 5

# The tests of everything that fails: the API, the disk, the databases, the platforms, killed processes.
FAULTS := tests/faults tests/analytics/api/test_network.py tests/slack/test_delivery.py tests/teams \
	tests/sync/test_killed.py tests/schedule/test_kill.py tests/e2e/test_replicas.py tests/e2e/test_stopping.py

faults: setup-dev ## everything that can fail does: API, disk, databases, platforms, killed processes
	$(PYTEST) $(FAULTS)

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
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --no-config --all-extras --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make lock" $(LOCK_FLAGS)

lock: setup-dev ## write both locks anew from pyproject.toml
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock

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

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed $(VENV)/.locked-dev
	@touch $@
