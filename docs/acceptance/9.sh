#!/usr/bin/env bash
# Microsoft Teams. Needs Chromium, Node.js and npm; `.ci/run` installs them. `9.sh PART...` runs only these parts.
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

for part in "${@:-teams}"; do
  for one in $part; do "$one"; done
done
