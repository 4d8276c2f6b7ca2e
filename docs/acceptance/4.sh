#!/usr/bin/env bash
# Investigation look-ups: log files in, governed answers out.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" WORK="$work"
WHY='case INC-12 "use at night"'
NOBODYS="Not found, or not yours to see."
ask() { local who=$1; shift; codex-pulse ask "$@" --demo --as "$who" --where dm --out "$WORK/out"; }
private() { codex-pulse ask "$1" --demo --as investigator --where channel --format slack --out "$WORK/out" | python -c "
import json, sys
entries = json.load(sys.stdin)
posts = [e['args'] for e in entries if e['method'] == 'chat.postMessage']
assert [p['channel'][0] for p in posts] == ['U'], posts
elsewhere = [e for e in entries if e['method'] not in ('chat.postMessage', 'upload')]
assert 'prompts' not in json.dumps(elsewhere), elsewhere
print('one direct message; in the channel:', elsewhere[-1]['args']['text'])"; }
export -f ask private
export WHY NOBODYS

check "a person: who, when, surface, model, how much" answered "prompts and got" investigator "investigate user dana.okafor@northwind.example 30d $WHY"
check "a token: owner, created, revoked by whom, last used" answered "revoked 18 Oct 2026" investigator "investigate token nightly-ci 30d $WHY"
check "used at night" answered "most from 13 Oct 01:00 UTC on" investigator "investigate token nightly-ci 30d $WHY"
check "a model" answered "gpt-5.5 was sent" investigator "investigate model gpt-5.5 7d $WHY"
check "what the answer rests on" answered "OpenAI's export leaves out Codex used with an API key." investigator "investigate model gpt-5.5 7d $WHY"
check "every access token" answered "access tokens" investigator "tokens 30d"
check "tools and skills" answered "Skills:" analyst "tools 30d"
check "work by token" answered "came with an access token" analyst "agents 30d"
check "errors and rate limits" answered "by a rate limit" analyst "blocked 30d"
check "the answer is in a direct message and nowhere else" private "investigate user dana.okafor@northwind.example 30d $WHY"
for who in member analyst admin; do
  check "refused to: $who" refused 3 "$NOBODYS" "$who" "investigate user dana.okafor@northwind.example 30d $WHY"
done
check "refused to: guest" refused 3 "I answer only members of this workspace" guest "investigate user dana.okafor@northwind.example 30d $WHY"
check "unknown is refused in the same words" refused 3 "$NOBODYS" investigator "investigate user nobody@northwind.example 30d $WHY"
check "case and purpose are required" refused 2 "A look-up needs a case and a purpose." investigator "investigate user dana.okafor@northwind.example 30d"
check "the trail is whole" answered "The trail is whole" admin "trail verify"
check "the story, and every step refused to everybody else" pytest -q tests/handlers/test_investigation_story.py
check "listing, signed downloads, checksums, limits" pytest -q tests/compliance
check "reading log files: duplicates, late events, hostile lines" pytest -q tests/sync/events tests/contract/test_compliance_quirks.py
check "any line and any command line is understood or refused" pytest -q tests/sync/events/test_lines.py tests/dispatch/test_grammar.py
check "answers expire and leave a tombstone" pytest -q tests/slack/test_expiry.py tests/state/test_expiring.py
check "the trail shows every change" pytest -q tests/state/test_trail.py
check "raw log files counted by hand agree with every answer" pytest -q -m slow tests/e2e/test_handcount_events.py
check "one person among 1,000,000 events against grep -F" python benchmarks/bench_events.py
