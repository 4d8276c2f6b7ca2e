#!/usr/bin/env bash
# Every dashboard view, the exports and their receipts.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PULSE_DEMO_DIR=$(mktemp -d)
export PULSE_DEMO_DIR PULSE_NOW=2026-10-21T15:00:00Z
OUT=$PULSE_DEMO_DIR/out
export OUT

ask() { codex-pulse ask "$@" --demo --out "$OUT"; }
export -f ask

for view in "adoption 30d" "adoption 12w lifecycle" "usage 30d by surface" "usage 30d by model" "activity 30d" \
  "models 30d by speed" "top 20" "me 90d" "user dana.okafor@northwind.example 30d" "reviews 90d sentiment" \
  "reviews 12w engagement" "retention 12w" "compare oct vs sep" "teams"; do
  check "view: $view" ask "$view"
done

check "views and exports of the dashboard all have a command" python -m pytest -q tests/project/test_documents.py tests/project/test_dashboard.py
check "a small team is not shown in a channel, nonsense is refused" python -m pytest -q tests/handlers -m "not slow"

for kind in workspace users reviews; do
  for form in csv json; do
    check "export $kind $form" codex-pulse export "$kind" "$form" 30d --demo --out "$OUT"
  done
done
check "the same lake files give the same bytes" bash -c '
  codex-pulse export users csv 30d --demo --out "$OUT/again" >/dev/null
  cmp "$OUT/again/codex-users-csv-2026-09-21-to-2026-10-20.csv" "$OUT/codex-users-csv-2026-09-21-to-2026-10-20.csv"
  cmp "$OUT/again/codex-users-csv-2026-09-21-to-2026-10-20.receipt.json" \
    "$OUT/codex-users-csv-2026-09-21-to-2026-10-20.receipt.json" && echo same'
check "verify, offline" bash -c '
  key=$(codex-pulse key --demo)
  for file in "$OUT"/*.csv; do codex-pulse verify "$file" --key "$key" || exit; done'
check "a changed byte ends with 5" bash -c '
  file=$OUT/again/codex-users-csv-2026-09-21-to-2026-10-20.csv
  printf 9 | dd of="$file" bs=1 seek=400 conv=notrunc status=none
  codex-pulse verify "$file"; [ $? -eq 5 ] && echo "exit 5"'
check "e-mail addresses are refused unless the setting allows them" bash -c '
  codex-pulse export users csv 7d emails --demo --out "$OUT"; [ $? -eq 3 ] &&
  PULSE_ALLOW_EMAILS=true codex-pulse export users csv 7d emails --demo --out "$OUT"'
check "a member gets no rows of people" bash -c '
  codex-pulse export users csv 7d --demo --as member --out "$OUT"; [ $? -eq 3 ] && echo "exit 3"'
check "explain computes the same integers" bash -c '
  ask "usage 30d by model" >/dev/null && ask explain | grep "come out the same again"'
check "every figure and every cell agrees with a count of the raw pages" python -m pytest -q -m slow \
  tests/e2e/test_handcount.py tests/e2e/test_handcount_views.py tests/e2e/test_handcount_exports.py
check "a million rows under 300 MB" python -m pytest -q -m slow tests/e2e/test_export_memory.py
check "invariants of the metrics, CSV that comes back, formulas guarded" python -m pytest -q tests/metrics tests/kit
check "every chart in one page" make --silent gallery

rm -rf "$PULSE_DEMO_DIR"
