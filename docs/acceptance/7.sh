#!/usr/bin/env bash
# Governance: content by two people, evidence that verifies, the watch over tokens, legal holds, the trail, the SIEM.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
export PULSE_NOW=2026-10-21T15:00:00Z PULSE_DEMO_DIR="$work/demo" PULSE_SIEM_DIR="$work/siem" WORK="$work"
ask() { codex-pulse ask "$@" --demo --out "$WORK/out" --where dm; }
refused() { local want=$1 status=0; shift; ask "$@" || status=$?; [ "$status" -eq "$want" ]; }
fails() { local want=$1 status=0; shift; "$@" || status=$?; [ "$status" -eq "$want" ]; }
siem() { python - "$1" <<'PY'
import json, os, pathlib, sys
folder = pathlib.Path(os.environ["PULSE_SIEM_DIR"])
events = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open()]
uids = [event["metadata"]["uid"] for event in events]
text = "".join(path.read_text() for path in folder.glob("*.jsonl"))
assert len(uids) == len(set(uids)) > 1000, "each event once"
assert all(e["type_uid"] == e["class_uid"] * 100 + e["activity_id"] for e in events)
assert {2004, 3004, 6003} <= {e["class_uid"] for e in events}
assert "prompt_text" not in text and "@northwind" not in text
kept = pathlib.Path(os.environ["WORK"], "siem-count")
assert sys.argv[1] == "first" or kept.read_text() == str(len(uids)), "a second run repeats nothing"
kept.write_text(str(len(uids)))
print(f"{len(uids)} events, each once, metadata only")
PY
}
export -f ask refused fails siem

about='user dana.okafor@northwind.example 7d case INC-12 "use at night"'
check "content is asked for" answered "A-1: content of" "content $about originals" --as investigator
check "each event went to the SIEM's folder as OCSF" siem first
for role in guest member analyst approver admin; do
  check "content is not there for $role" refused 3 "content $about" --as $role
  check "a pack is not there for $role" refused 3 "pack $about" --as $role
done
check "events are not exported for an admin" refused 3 'export events csv 7d case INC-12 "why"' --as admin
check "not before a decision" refused 3 "content A-1" --as investigator
check "the requester cannot decide" refused 3 "approve A-1" --as investigator
check "a second person can" answered "A-1 is approved" "approve A-1" --as approver
check "redacted content" answered "approved as A-1" "content A-1" --as investigator
check "the evidence as a zip" answered "With A-1" "pack $about A-1" --as investigator
check "it verifies offline" bash -c 'codex-pulse verify "$(ls "$WORK"/out/*.zip)" --key "$(codex-pulse key --demo)"'
check "one changed byte" bash -c 'f=$(ls "$WORK"/out/*.zip); printf X | dd of="$f" bs=1 seek=200 conv=notrunc status=none; fails 5 codex-pulse verify "$f"'
check "every changed byte" pytest -q tests/kit/test_packs.py
check "events for a case as a file" codex-pulse export events csv 7d case INC-12 "what happened then" --demo --as investigator --where dm --out "$work/out"
check "it verifies offline" bash -c 'codex-pulse verify "$(ls "$WORK"/out/codex-events*.csv)" --key "$(codex-pulse key --demo)"'
check "the log at a glance" answered "events in the audit log" "audit report 30d" --as admin
check "a legal hold" answered "H-1 keeps events" "hold set user dana.okafor@northwind.example 2026-10-01..2026-10-20 case INC-12" --as investigator
check "the trail is whole" answered "The trail is whole" "trail verify" --as investigator
check "a second look repeated nothing in the SIEM's folder" siem again
check "change, gap, reorder, a cut tail and forged heads are found" pytest -q tests/handlers/test_trail_verify.py tests/state/test_trail.py tests/schedule/test_trailhead.py -m "not slow"
check "retention leaves held events and their books alone" pytest -q tests/handlers/test_hold.py tests/sync/events/test_prune.py
check "OCSF as the schema asks; crashes leave whole lines and lose none" pytest -q tests/sync/siem tests/app/test_siem.py
check "exports and the report are those of the log" pytest -q tests/handlers/test_export_events.py tests/handlers/test_audit.py
check "planted secrets, one for every plugin" pytest -q tests/redaction
check "approvals decide once; each opens what was asked" pytest -q tests/state/test_approvals.py tests/handlers/test_content.py tests/handlers/test_pack.py -m "not slow"
check "the token and environment watch" pytest -q tests/watch/test_security_check.py tests/handlers/test_askowner.py
check "the whole story, each step tried by everyone without the right" pytest -q tests/e2e/test_governance_story.py
check "answers expire" pytest -q tests/state/test_expiring.py -m "not slow"
