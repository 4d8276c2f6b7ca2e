#!/usr/bin/env bash
# Governance: content by two people, evidence that verifies, the watch over tokens, legal holds, the trail.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" WORK="$work"
ask() { codex-pulse ask "$@" --demo --out "$WORK/out" --where dm; }
refused() { local want=$1 status=0; shift; ask "$@" || status=$?; [ "$status" -eq "$want" ]; }
answered() { local said=$1 output; shift; output=$(ask "$@") || return 1
  printf '%s\n' "$output" | head -n 1; grep -qF -- "$said" <<<"$output"; }
fails() { local want=$1 status=0; shift; "$@" || status=$?; [ "$status" -eq "$want" ]; }
export -f ask refused answered fails

about='user dana.okafor@northwind.example 7d case INC-12 "use at night"'
check "content is asked for" answered "A-1: content of" "content $about" --as investigator
for role in guest member analyst approver admin; do
  check "content is not there for $role" refused 3 "content $about" --as $role
  check "a pack is not there for $role" refused 3 "pack $about" --as $role
done
check "not before a decision" refused 3 "content A-1" --as investigator
check "the requester cannot decide" refused 3 "approve A-1" --as investigator
check "a second person can" answered "A-1 is approved" "approve A-1" --as approver
check "redacted content" answered "approved as A-1" "content A-1" --as investigator
check "the evidence as a zip" answered "With A-1" "pack $about A-1" --as investigator
check "it verifies offline" bash -c 'codex-pulse verify "$(ls "$WORK"/out/*.zip)" --key "$(codex-pulse key --demo)"'
check "one changed byte" bash -c 'f=$(ls "$WORK"/out/*.zip); printf X | dd of="$f" bs=1 seek=200 conv=notrunc status=none; fails 5 codex-pulse verify "$f"'
check "every changed byte" pytest -q tests/kit/test_packs.py
check "a legal hold" answered "H-1 keeps events" "hold set user dana.okafor@northwind.example 2026-10-01..2026-10-20 case INC-12" --as investigator
check "retention leaves it alone" pytest -q tests/handlers/test_hold.py
check "the trail is whole" answered "The trail is whole" "trail verify" --as investigator
check "planted secrets, one for every plugin" pytest -q tests/redaction
check "approvals decide once" pytest -q tests/state/test_approvals.py tests/handlers/test_content.py
check "the token and environment watch" pytest -q tests/watch/test_security_check.py tests/handlers/test_askowner.py
check "answers expire" pytest -q tests/state/test_expiring.py
