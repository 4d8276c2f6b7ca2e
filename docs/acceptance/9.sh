#!/usr/bin/env bash
# Microsoft Teams; holding under faults and load, operations, replicas. Needs PostgreSQL, Chromium, Node.js and
# npm; `.ci/run` installs them.
# `9.sh PART...` runs only these parts. Not here, for their length: `make faults`, `make interop` and
# `LOAD_SECONDS=300 make load`.
set -euo pipefail
# shellcheck source=docs/acceptance/lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_DEMO_DIR="$work/demo" PULSE_NOW=2026-10-21T15:00:00Z WORK="$work"
pytest() { python -m pytest -q -p no:cacheprovider "$@"; }

packaged() {
  codex-pulse manifest teams --out "$WORK/teams"
  python -c 'import sys, zipfile; print(*sorted(zipfile.ZipFile(sys.argv[1]).namelist()))' "$WORK/teams/codex-pulse-teams.zip"
}

carded() {
  codex-pulse ask "usage 30d by model" --demo --format teams --out "$WORK/out" | python -c '
import json, sys
(activity,) = json.load(sys.stdin)
card = activity["attachments"][0]["content"]
print(card["type"], card["version"], *(element["type"] for element in card["body"]))'
}

unsafe() {
  # a model of each: credentials without sign-in, an open address without sign-in, half a registration
  local id=0f0e0d0c-0000-4000-8000-00000000abcd said
  export PULSE_WORKSPACE_ID=w PULSE_ANALYTICS_API_KEY=k
  for wrong in "PULSE_TEAMS_UNAUTHENTICATED=true PULSE_TEAMS_APP_ID=$id" \
    "PULSE_TEAMS_UNAUTHENTICATED=true PULSE_HTTP_HOST=0.0.0.0" "PULSE_TEAMS_APP_ID=$id"; do
    # shellcheck disable=SC2086  (two settings are two words)
    if said=$(env $wrong codex-pulse run 2>&1); then return 1; fi
    if grep -q Traceback <<<"$said" || ! grep -q PULSE_TEAMS_ <<<"$said"; then return 1; fi
  done
  printf '%s\n' "$said"
}
export -f packaged carded unsafe

teams() {
  check "the app package: manifest and icons at its root" bash -euo pipefail -c packaged
  check "an answer is one Adaptive Card" bash -euo pipefail -c carded
  check "unsafe settings are refused at start, in one message" bash -euo pipefail -c unsafe
  check "manifest valid against the newest schema; tokens, duplicates, retries, private answers, files, bad input" \
    pytest -m "not slow" tests/teams tests/app/test_teams_side.py tests/app/test_platforms.py
  check "uninstalling pauses posts and tells their owners" pytest tests/app/test_installed.py tests/state/test_conversations.py
  check "Slack and Teams say the same, for every command" pytest tests/platforms
  check "docs/platforms.md is what the registry says" pytest tests/project/test_documents.py
  check "the bot as a process: signed message in, card out, a scheduled post after a restart" pytest tests/e2e/test_run_teams.py
  check "Microsoft's Agents Playground in Chromium" bash -c 'make --silent playground && python -m pytest -q tests/teams/test_playground.py'
}

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

for part in "${@:-teams faults load operations scale}"; do
  for one in $part; do "$one"; done
done
