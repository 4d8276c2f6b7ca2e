"""Counts raw log files by hand and compares every figure of the audit commands with the count.

Standard library only: `urllib` for the files, dicts for the sums. The product runs as a subprocess against
the same reference server, with a lake of its own. Run it alone with `python tests/e2e/handcount_events.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e import handcount

NOW = "2026-10-21T15:00:00Z"
FIRST, LAST = "2026-10-11", "2026-10-20"
WINDOW = f"{FIRST}..{LAST}"
USERS = "20"
TYPES = ("CODEX_LOG", "CODEX_SECURITY_LOG", "AUDIT_LOG")
INVESTIGATOR, ANALYST = "ines@example.com", "ann@example.com"
WHY = 'case INC-12 "count again"'
CALLS = ("TOOL_CALL_COMPLETED", "TOOL_CALL_FAILED", "APP_MCP_CALL")
FAILED = ("error", "failed", "failure", "rate_limited", "timed_out", "aborted", "incomplete")
Row = dict[str, Any]


def reference_server() -> AbstractContextManager[dict[str, str]]:
    """The environment of a running reference server."""
    return handcount.reference_server("--users", USERS, "--now", NOW)


class _Stay(urllib.request.HTTPRedirectHandler):
    """urllib would take the key along to the other host."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_Stay)


def get(url: str, key: str = "") -> bytes:
    """The body; of a redirect the target's, asked without the key."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})  # noqa: S310
    try:
        with OPENER.open(request) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as redirect:
        if redirect.code != 307:
            raise
        return get(redirect.headers["Location"])


def records(server: dict[str, str]) -> list[Row]:
    """Every event of every file, each once."""
    base = f"{server['PULSE_API_BASE_URL']}/compliance/workspaces/{server['PULSE_WORKSPACE_ID']}/logs"
    key = server["PULSE_COMPLIANCE_API_KEY"]
    found: dict[str, Row] = {}
    for kind in TYPES:
        after = f"{FIRST}T00:00:00Z"
        while True:
            query = urllib.parse.urlencode({"event_type": kind, "after": after, "limit": "100"})
            page = json.loads(get(f"{base}?{query}", key))
            for file in page["data"]:
                body = get(f"{base}/{file['id']}", key)
                assert hashlib.sha256(body).hexdigest() == file["file_sha256"]
                for line in body.splitlines():
                    if line.strip():
                        record = json.loads(line)
                        found.setdefault(record["event_id"], record)
            if not page["has_more"]:
                break
            after = page["last_end_time"]
    return [record for record in found.values() if FIRST <= record["timestamp"][:10] <= LAST]


def run(server: dict[str, str], folder: Path, *arguments: str) -> str:
    """What a subcommand of the product prints; it must end with 0."""
    environment = {
        **os.environ,
        **server,
        "PULSE_NOW": NOW,
        "PULSE_CONFIG": str(folder / "pulse.toml"),
        "PULSE_LAKE_URL": str(folder / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
        "PULSE_SECRET_KEY": "a secret for counting again, long enough",
        "PULSE_COMPLIANCE_DOWNLOADS_A_MINUTE": "1000000",
    }
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        message = f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


def ask(server: dict[str, str], folder: Path, text: str, who: str) -> Row:
    """The reply to one command, as JSON."""
    out = ("--format", "json", "--out", str(folder / "out"), "--where", "dm")
    reply: Row = json.loads(run(server, folder, "ask", text, "--as", who, *out))
    return reply


def counted(found: list[Row]) -> Row:
    """The figures of a look-up."""
    kinds = [kind(record) for record in found]
    usage = [
        record["event_details"].get("token_usage") or {}
        for record in found
        if kind(record) == "PROMPT_RESPONSE_RECEIVED"
    ]
    return {
        "prompts": kinds.count("PROMPT_SENT"),
        "responses": kinds.count("PROMPT_RESPONSE_RECEIVED"),
        "tool_calls": sum(each in CALLS for each in kinds),
        "input_tokens": _sum(usage, "input_tokens"),
        "cached_input_tokens": _sum(usage, "cached_input_tokens"),
        "output_tokens": _sum(usage, "output_tokens"),
        "errors": sum(failed(record) for record in found),
        "denied": sum(stopped(record) for record in found),
        "night_events": sum(not 6 <= int(record["timestamp"][11:13]) < 22 for record in found),
        "people": len({json.dumps(_who(record)) for record in found}),
    }


def kind(record: Row) -> str:
    """The sub-type, empty for an audit record."""
    return record.get("event_type") or ""


def stopped(record: Row) -> bool:
    """A decision that stopped a tool."""
    decision = (record.get("event_details") or {}).get("decision") or ""
    return decision.startswith("denied") or decision in {"timed_out", "abort"}


def failed(record: Row) -> bool:
    """An error of Codex or of a tool, or a stopped tool."""
    details = record.get("event_details") or {}
    told = kind(record) == "TOOL_CALL_FAILED" or (details.get("status") or "").lower() in FAILED
    return told or bool(details.get("error_code")) or stopped(record)


def _who(record: Row) -> tuple[Any, ...]:
    actor = record.get("actor") or {}
    return actor.get("user_id"), actor.get("redacted_id") or actor.get("id"), actor.get("type")


def _sum(usage: list[Row], name: str) -> int | None:
    known = [each[name] for each in usage if each.get(name) is not None]
    return sum(known) if known else None


def differences(reply: Row, expected: Row) -> Iterator[str]:
    """Every fact that is not the count."""
    told = {fact["key"]: fact["number"] for fact in reply["facts"]}
    for name, count in expected.items():
        if told.get(name) != count:
            yield f"{reply['text'].splitlines()[0]} | {name}: told {told.get(name)}, counted {count}"


def look_ups(found: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Subjects, and the records about each: some people, and one of everything else."""
    details = [(record, record.get("event_details") or {}) for record in found]
    users = Counter((record.get("actor") or {}).get("user_id") for record in found)
    for user, _ in users.most_common(4):
        if user:
            mine = [r for r in found if (r.get("actor") or {}).get("user_id") == user]
            yield f"user {user}", mine
    for field, name in (("session_id", "session"), ("model", "model"), ("environment_id", "environment")):
        values = Counter(more.get(field) for _, more in details if more.get(field))
        value = values.most_common(1)[0][0]
        yield f"{name} {value}", [record for record, more in details if more.get(field) == value]
    tokens = Counter((record.get("actor") or {}).get("credential_id") for record in found)
    del tokens[None]
    token = tokens.most_common(1)[0][0]
    yield f"token {token}", [r for r in found if (r.get("actor") or {}).get("credential_id") == token]


def compare(server: dict[str, str], folder: Path) -> list[str]:
    """All differences between what is told and what is counted; empty when all is right."""
    policy = f'[policy]\ninvestigator = ["{INVESTIGATOR}"]\nanalyst = ["{ANALYST}"]\n'
    (folder / "pulse.toml").write_text(policy, encoding="utf-8")
    found = records(server)
    run(server, folder, "sync", "--since", FIRST)
    wrong: list[str] = []
    for subject, about in look_ups(found):
        reply = ask(server, folder, f"investigate {subject} {WINDOW} {WHY}", INVESTIGATOR)
        wrong += differences(reply, counted(about))
    wrong += differences(ask(server, folder, f"tools {WINDOW}", ANALYST), _tools(found))
    wrong += differences(ask(server, folder, f"blocked {WINDOW}", ANALYST), _blocked(found))
    wrong += differences(ask(server, folder, f"tokens {WINDOW}", INVESTIGATOR), _tokens(found))
    return wrong


def _tools(found: list[Row]) -> Row:
    kinds = [kind(record) for record in found]
    return {
        "tool_calls": sum(each in CALLS for each in kinds),
        "tool_calls_failed": kinds.count("TOOL_CALL_FAILED"),
    }


def _blocked(found: list[Row]) -> Row:
    limits = [r for r in found if "rate_limit" in ((r.get("event_details") or {}).get("error_code") or "")]
    return {
        "blocked": sum(failed(record) for record in found),
        "rate_limited": len(limits),
        "denied": sum(stopped(record) for record in found),
    }


def _tokens(found: list[Row]) -> Row:
    return {"token_uses": sum(bool((record.get("actor") or {}).get("credential_id")) for record in found)}


def main() -> int:
    """Print each difference, or that all agreed."""
    with reference_server() as server, tempfile.TemporaryDirectory() as folder:
        wrong = compare(server, Path(folder))
    sys.stdout.write("\n".join(wrong or ["all figures of the answers agree with the raw log files"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
