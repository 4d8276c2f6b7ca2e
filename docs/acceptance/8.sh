#!/usr/bin/env bash
# Slack comfort and the local chat page. Needs Chromium for the browser tests; `.ci/run` installs it.
set -euo pipefail
# shellcheck source=docs/acceptance/lib.sh
. "$(dirname "$0")/lib.sh"

PULSE_DEMO_DIR=$(mktemp -d)
export PULSE_DEMO_DIR PULSE_NOW=2026-10-21T15:00:00Z

check "the page opens on an answered overview, refuses other sites and ends on SIGTERM" bash -c '
  set -e
  out=$(mktemp)
  codex-pulse demo --port 0 >"$out" & page=$!
  trap "kill $page 2>/dev/null || true" EXIT
  for _ in $(seq 600); do grep -q ready "$out" && break; sleep 1; done
  url=$(grep -o "http://.*" "$out")
  status() { python - "$@" <<"PY"
import json, sys, urllib.error, urllib.request
url, body, *headers = sys.argv[1:]
request = urllib.request.Request(url, body.encode() or None, dict(h.split(": ", 1) for h in headers))
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
PY
  }
  question="{\"text\":\"usage 7d\",\"who\":\"member\",\"where\":\"channel\"}"
  [ "$(status "$url/" "")" = 200 ]
  [ "$(status "$url/api/ask" "$question" "Content-Type: application/json")" = 200 ]
  [ "$(status "$url/api/ask" "$question" "Content-Type: application/json" "Origin: https://evil.example")" = 403 ]
  [ "$(status "$url/api/ask" "$question" "Content-Type: text/plain")" = 415 ]
  [ "$(status "$url/api/start" "" "Host: evil.example")" = 421 ]
  kill -TERM $page; wait $page
  echo "answered, refused and ended"'
check "the page: other sites, other hosts, bad bodies, forged and replayed clicks" python -m pytest -q tests/console tests/app/test_page_chat.py
check "every control in Chromium, pictures, keyboard, 360 px" python -m pytest -q tests/e2e/test_page.py
check "clicks forged, replayed and judged anew; requests not from Slack" python -m pytest -q tests/slack/test_app.py
check "form with missing values, expired triggers, Home, what was meant, Slack's own table" python -m pytest -q tests/slack/test_views.py tests/slack/test_manifest.py
check "picture, else table, else text; Slack's own charts where wanted; times of the reader" python -m pytest -q tests/slack/test_delivery.py tests/slack/test_native.py tests/slack/test_poster.py tests/slack/test_render.py
check "help by level, nothing changed at a click" python -m pytest -q tests/handlers/test_help.py
check "every command x level x place passes the block checker" python -m pytest -q tests/slack/test_blockcheck.py tests/slack/test_every_command.py
check "with the setting, Slack draws; without, it gets the picture" bash -c '
  set -e
  ask() { codex-pulse ask "usage 7d" --demo --format slack; }
  PULSE_NATIVE_CHARTS=true ask | grep -q data_visualization
  out=$(ask); grep -q "\"method\": \"upload\"" <<<"$out"
  ! grep -q data_visualization <<<"$out"
  echo "a chart of Slack'"'"'s own, and a picture"'
check "the manifest printed is the one committed" bash -c 'codex-pulse manifest slack | cmp - manifest.yml && echo same'
