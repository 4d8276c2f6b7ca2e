#!/usr/bin/env bash
# Holding under faults and load, operations, replicas. Needs PostgreSQL; `.ci/run` installs it.
# `9.sh PART...` runs only these parts. Not here, for their length: `make faults`, `make interop` and
# `LOAD_SECONDS=300 make load`.
set -euo pipefail
# shellcheck source=docs/acceptance/lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_DEMO_DIR="$work/demo" PULSE_NOW=2026-10-21T15:00:00Z WORK="$work"
pytest() { python -m pytest -q -p no:cacheprovider "$@"; }

faults() {
  check "API: 429, 5xx, silence, garbage, slow drip, TLS, circles; disk; damaged files; state; clock" pytest tests/faults
  check "Slack: the same, nothing posted twice, everybody told" pytest tests/slack/test_faults.py
  check "kill -9 at each step of a sync" pytest tests/sync/test_killed.py
  check "kill -9 at each step of a delivery, on SQLite" pytest tests/schedule/test_kill.py -k "killed_at_a_step or two_processes"
  check "clock jumps, outages and rate limits of a schedule" pytest tests/schedule/test_ticker.py
  check "SIGTERM: what was accepted is answered, ends in 20 s" pytest tests/e2e/test_stopping.py
}

load() {
  check "a fair row per person, lanes by cost, a clear Busy" pytest tests/dispatch/test_lanes.py
  check "20 people for 10 seconds on a lake of 1,000: nothing lost, nothing doubled" \
    env LOAD_SECONDS=10 LOAD_PEOPLE=20 LOAD_LAKE_PEOPLE=1000 LOAD_THINK_SECONDS=5 python benchmarks/load.py
}

restored() {
  local receipt
  receipt=$(codex-pulse ask "usage 7d" --demo --format json --out "$WORK/out" |
    python -c 'import json, sys; print(json.load(sys.stdin)["footer"]["receipt"])')
  local from to
  from=$(dirname "$(find "$PULSE_DEMO_DIR" -name state.db)")
  to="$WORK/restored/$(basename "$from")"
  mkdir -p "$to"
  cp -r "$from/lake" "$to/lake"
  python -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))' "$from/state.db" "$to/state.db"
  PULSE_DEMO_DIR="$WORK/restored" codex-pulse ask "explain $receipt" --demo --out "$WORK/out" |
    grep -F "out the same again, to the millionth"
}

audited() {
  local status=0 output
  output=$(make --silent audit 2>/dev/null) || status=$?
  printf '%s\n' "$output" | tail -n 1
  # without a network the answer is that nothing is known, and that is not success
  [ "$status" -eq 0 ] || grep -q "NOT CHECKED" <<<"$output"
}

reproduced() {
  local first
  first=$(make --silent sbom) && [ "$first" = "$(make --silent sbom)" ] && printf '%s\n' "$first"
}
export -f restored audited reproduced

operations() {
  check "healthz, readyz, metrics" pytest tests/app/test_serving.py
  check "logs without personal data" pytest tests/app/test_logs.py
  check "every secret and personal datum planted, and looked for" pytest tests/e2e/test_nothing_leaks.py
  check "the tables of docs/operations.md name what there is" pytest tests/project/test_operations.py
  check "back-up and restore: the same figures to the millionth" bash -euo pipefail -c restored
  check "dependency audit" bash -c audited
  check "the SBOM is the same bytes each time" bash -c reproduced
}

scale() {
  check "one of all leads, also after failures" pytest tests/app/test_leading.py tests/state/test_leases.py
  check "two replicas on PostgreSQL; taken over within a minute after kill -9" pytest tests/e2e/test_replicas.py
}

for part in "${@:-faults load operations scale}"; do
  for one in $part; do "$one"; done
done
