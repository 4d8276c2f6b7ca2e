#!/usr/bin/env bash
# The weekly digest and its schedule.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out=$(mktemp -d)
trap 'status=$?; rm -rf "$out"; (exit "$status"); _finish' EXIT
export PULSE_DEMO_DIR="$out/demo"
at() { PULSE_NOW=$1 "${@:2}"; }
export -f at

check "preview: the last full week, for the asker only" \
  bash -c 'at 2026-10-21T15:00:00Z python -m bot digest --preview --demo --out '"$out"' | grep -o "196 people.*12–18 Oct 2026\|only you see this" | tail -n 1'
check "now is for admins: exit 3 for a member" \
  bash -c 'at 2026-10-21T15:00:00Z python -m bot ask "digest now" --demo --as member; test $? -eq 3 && echo refused'
check "an early time is moved to when the week is complete" \
  bash -c 'at 2026-10-19T10:00:00Z python -m bot ask "subscribe weekly mon 07:00 Europe/Berlin" --demo --as admin | grep "moved to then"'
check "an unknown zone is one clear answer, exit 2" \
  bash -c 'at 2026-10-19T10:00:00Z python -m bot ask "subscribe weekly tue 09:00 Mars/Olympus" --demo; test $? -eq 2 && echo refused'
check "due: posted once" \
  bash -c 'at 2026-10-19T12:00:30Z python -m bot digest --due --demo --out '"$out"' | grep "1 delivery: 1 posted"'
check "due again: nothing" \
  bash -c 'at 2026-10-19T12:01:00Z python -m bot digest --due --demo --out '"$out"' | grep "Nothing was due"'
check "status lists the planned and the actual time" \
  bash -c 'at 2026-10-19T12:05:00Z python -m bot ask status --demo | grep "planned 19 Oct 12:00 UTC, posted 19 Oct 12:00 UTC"'
check "figures against a twin that counts with sets" python -m pytest -q tests/handlers/test_digest.py tests/metrics/test_weekly.py
check "set up, pause, resume, end; bad input stores nothing" python -m pytest -q tests/handlers/test_subscribe.py
check "a simulated year: every week once, both edges of summer time in three zones, week 53" \
  python -m pytest -q tests/app/test_year.py tests/schedule/test_year.py
check "digest --due killed at every step, two at once: never twice, never lost silently" \
  python -m pytest -q tests/app/test_due.py tests/schedule/test_kill.py -k "not postgresql"
check "late data corrects a posted digest in place" python -m pytest -q tests/app/test_corrections.py
check "what every answer of Slack means for a scheduled post" python -m pytest -q tests/slack/test_poster.py
