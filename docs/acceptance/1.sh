#!/usr/bin/env bash
# One question answered end to end: API, lake, metrics, chart, Slack.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" WORK="$work"
ask() { codex-pulse ask "$@" --demo --out "$WORK/out"; }
schema() { ask "$1" --format json | python -c "
import json, sys, jsonschema
reply = json.load(sys.stdin)
jsonschema.validate(reply, json.load(open('docs/reply.schema.json')))
print('valid:', reply['text'].splitlines()[0])"; }
parallel() {
  local folder="$WORK/parallel" n pids=() status=0; mkdir -p "$folder"
  for n in 1 2 3 4 5 6 7 8; do
    PULSE_DEMO_DIR="$folder/demo" codex-pulse ask "usage 30d" --demo --format json --out "$folder/out" \
      >"$folder/$n.json" 2>"$folder/$n.err" & pids+=($!)
  done
  for n in "${pids[@]}"; do wait "$n" || status=$?; done
  [ "$status" -eq 0 ] || return "$status"
  python - "$folder" <<'PY'
import json, pathlib, sys
replies = [json.loads(path.read_text()) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json"))]
figures = {tuple((fact["key"], fact["number"]) for fact in reply["facts"]) for reply in replies}
assert len(replies) == 8 and len(figures) == 1, figures
print("eight answers, the same numbers")
PY
}
manifest() { codex-pulse manifest slack | cmp - manifest.yml && echo "byte-equal"; }
export -f ask schema parallel manifest

check "help" answered "Ask about Codex" "help"
check "usage in one sentence with a chart" answered "credits in the 30 days to 20 Oct" "usage 30d by model"
check "usage by surface, in tokens" answered "tokens" "usage 30d by surface tokens"
check "cost is named an estimate" answered "estimated" "usage 30d cost"
check "JSON follows its published schema" schema "usage 30d by client"
check "an unknown word is named, with the nearest and an example" refused 2 'Did you mean `usage`?' "usge 30d"
check "an unknown option value" refused 2 "is not known" "usage by colour"
check "a future range" refused 2 "has not begun" "usage 2027-01-01..2027-02-01"
check "days before the history" refused 4 "history starts 2025-09-01" "usage 2025-08-01..2025-08-10"
check "eight questions at once on an empty folder agree" parallel
check "the manifest is the one in the repository" manifest
check "the range grammar" pytest -q tests/model
check "the API client: retries, errors, paging, the key stays at home" pytest -q tests/analytics tests/http
check "the lake and its receipts" pytest -q -m "not slow" tests/lake tests/sync tests/engine
check "metrics against their naive twins" pytest -q tests/metrics
check "charts: nothing overlaps, leaves the canvas or is too small" pytest -q tests/charts
check "Slack: every refusal of the fake Slack is met" pytest -q tests/slack
check "kill -9 at named points leaves the lake whole" pytest -q -m slow tests/sync
check "raw pages counted by hand agree with every answer" pytest -q -m slow tests/e2e/test_handcount.py
check "the bot as a process, over HTTP and Socket Mode" pytest -q -m slow tests/e2e/test_run.py
check "decode, columns and Parquet against typed decode" python benchmarks/bench_ingest.py
check "a chart against pyplot" python benchmarks/bench_chart.py
check "sync of 100,000 people for three days" python benchmarks/bench_sync.py
check "a warm answer at 10,000 people against its query and picture alone" python benchmarks/bench_ask.py
check "start of a question and of the bot" python benchmarks/bench_start.py
