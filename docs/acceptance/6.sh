#!/usr/bin/env bash
# Subscriptions of any command, budgets with forecasts, alerts, and what happens when things fail.
# The tests on PostgreSQL start one of their own from Debian's package `postgresql`.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

work=$(mktemp -d)
trap 'status=$?; rm -rf "$work"; (exit "$status"); _finish' EXIT
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" WORK="$work"
ask() { python -m bot ask "$@" --demo --out "$WORK/out"; }
answered() { local said=$1 output; shift; output=$(ask "$@") || return 1
  grep -F -- "$said" <<<"$output" | head -n 1; grep -qF -- "$said" <<<"$output"; }
export -f ask answered

check "any command on a schedule, with its next times" answered "Next: Thu 22 Oct 2026 08:30" 'subscribe "usage 7d by model" daily 08:30' --as admin
check "a ranking is not set up in a place of aggregates" refused 3 "figures of people may be shown" 'subscribe "top" daily 08:30' --as analyst
check "an unknown command is named and nothing is stored" refused 2 "usagee" 'subscribe "usagee" daily' --as admin
check "a budget of nothing" refused 2 "more than 0" "budget set 0 credits monthly" --as admin
check "a budget below nothing" refused 2 "more than 0" "budget set -5 credits monthly" --as admin
check "a budget of lots" refused 2 "not an amount" "budget set lots credits monthly" --as admin
check "only admins set one" refused 3 "admin" "budget set 10000 credits monthly" --as member
check "a budget" answered "The budget is 10,000 credits" "budget set 10000 credits monthly" --as admin
check "forecast, band and the day it runs out" answered "runs out on 28 Oct" "budget"
check "the back-test's error" answered "In 25 back-tests" "budget"
check "alerts on threshold and overrun" answered "2 alerts are open" "alerts" --as analyst
alert=$(ask "alerts" --as analyst | grep -o "AL-[0-9]*" | head -n 1)
check "users, turns and price and mix in an alert" answered "from price and mix" "alerts $alert" --as analyst
check "acknowledged" answered "was acknowledged" "ack $alert" --as analyst
check "a second time changes nothing" answered "Nothing changed" "ack $alert" --as analyst
check "days to come are announced" answered "1 day planned" 'planned tomorrow "load test"' --as analyst
check "past days are refused" refused 2 "are over" "planned 2026-09-01..2026-09-05" --as analyst
check "forecast bands hold the truth in 16 to 24 of 30 months; back-tests by a plain loop" \
  python -m pytest -q tests/metrics/test_forecast.py tests/metrics/test_budgets.py tests/metrics/test_anomaly.py tests/metrics/test_explained.py
check "budgets, alerts, subscriptions: every answer and every bad input" \
  python -m pytest -q tests/handlers/test_budget.py tests/handlers/test_alerts.py tests/handlers/test_subscribe.py
check "200 due on PostgreSQL, two processes, kill -9 at every step: each once, none lost silently" \
  python -m pytest -q tests/schedule/test_kill.py
check "Slack down for an hour, 429 storm, token revoked, channel archived: posted late once, or told" \
  python -m pytest -q tests/app/test_slack_trouble.py tests/slack/test_poster.py tests/schedule/test_ticker.py
check "one message an alert from open to resolved, at Slack, on SQLite and PostgreSQL" \
  python -m pytest -q tests/watch/test_on_slack.py tests/watch/test_watcher.py tests/watch/test_look.py
check "late data corrects a posted digest in place; subscribers are judged at each run" \
  python -m pytest -q tests/app/test_corrections.py tests/app/test_scheduled_answer.py
check "the tables on SQLite and PostgreSQL, and their migrations" \
  python -m pytest -q tests/state/test_migrations.py tests/state/test_alerts.py tests/state/test_budgets.py tests/state/test_deliveries.py tests/state/test_subscriptions.py
