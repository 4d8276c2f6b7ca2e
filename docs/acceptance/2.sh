#!/usr/bin/env bash
# The whole Analytics contract, who may see what, and the first commands.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" WORK="$work"
ask() { codex-pulse ask "$@" --demo --out "$WORK/out"; }
counted() { ask "$1" --format json --as "${3:-analyst}" --where "${4:-channel}" | python -c "
import json, sys
reply = json.load(sys.stdin)
assert $2, reply
print('true:', sys.argv[1])" "$2"; }
export -f ask counted

check "every generation, conflict and quirk has its test" pytest -q tests/contract
check "reviews, weeks, errors, retries and paging of the client" pytest -q tests/analytics/api tests/http
check "a sync sets bad rows aside and reconciles people with the workspace" pytest -q -m "not slow" tests/sync
check "one table of allow and deny for every command, level and place" pytest -q tests/policy
check "a typo in the policy is named and nothing starts" pytest -q tests/test_settings.py
check "linking people by address or directory" pytest -q tests/dispatch/test_identity.py
check "overview is what no word means" answered "people" ""
check "costs are separate facts" counted "overview 30d" "{'credits', 'cost_usd', 'estimated_cost_usd'} <= {f['key'] for f in reply['facts']}"
check "a ranking, paged" counted "top 5 by turns client cli 30d" "len(reply['table']['rows']) == 5 and any(a['id'] == 'next' for a in reply['actions'])"
check "a ranking goes to the asker alone" counted "top 5" "reply['audience'] == 'asker'"
check "a ranking needs the level" refused 3 "level analyst" "top 5" --as member
check "own figures" answered "You used" "me 30d" --as member
check "one person" answered "dana.okafor@northwind.example used" "user dana.okafor@northwind.example 30d"
check "guests get one polite refusal" refused 3 "only members" "overview" --as guest
check "small teams are folded" counted "teams 30d" "'Security' not in [row[0] for row in reply['table']['rows']]"
check "an analyst sees them where people may be seen" counted "teams 30d" "'Security' in [row[0] for row in reply['table']['rows']]" analyst analysts
check "status for everybody" answered "Figures go through 20 Oct" "status" --as member
check "a definition" answered "at least one turn or thread" "define active users" --as member
check "an unknown figure" refused 2 'Did you mean `retention`?' "define retenton"
check "an unknown client" refused 2 'is not known' "top client vscoode"
check "an unknown metric" refused 2 'Did you mean `credits`?' "top by credit"
check "an unknown order" refused 2 'Did you mean `streak`?' "top sort strek"
check "top 0" refused 2 "from 1 to 100" "top 0"
check "top 1000000" refused 2 "from 1 to 100" "top 1000000"
check "an unknown person" refused 2 'Did you mean `dana.okafor@northwind.example`?' "user dana.okafo@northwind.example"
check "forgetting asks first" answered "It cannot be undone" "forget dana.okafor@northwind.example" --as admin
check "forgetting" answered "is forgotten" "forget dana.okafor@northwind.example yes" --as admin
check "and the person is gone" refused 2 "No Codex usage is held" "user dana.okafor@northwind.example"
check "people, state and trail after forgetting" pytest -q tests/lake/test_forgetting.py tests/state/test_forgetting.py tests/handlers/test_forget.py -m "not slow"
check "a first directory file" codex-pulse directory --from-users --demo --out "$work/directory.csv"
check "which is a directory" bash -c 'PULSE_DIRECTORY_FILE="$WORK/directory.csv" answered "Unassigned leads" "teams 30d"'
check "a directory with a mistake is named by line" bash -c 'printf "email,team\na@x.example,\n" > "$WORK/bad.csv"; PULSE_DIRECTORY_FILE="$WORK/bad.csv" refused 2 "line 2: the team is missing" "teams"'
check "the newest week is answered during a first sync" pytest -q tests/handlers/test_first_sync.py
check "doctor ends with the one next thing; proxy, private authority, clock" pytest -q tests/app/test_doctor.py
check "every example of every command is a message that Slack takes" pytest -q -m "not slow" tests/slack/test_every_command.py
check "the same at every level in every place" pytest -q -m slow tests/slack/test_every_command.py
check "figures agree with a count of the raw pages" python tests/e2e/handcount.py
