"""Evidence packs: a zip of what the log holds about a subject, signed, the same bytes for the same evidence.

`manifest.json` tells the question, what it rests on and the SHA-256 of every other file; `signature` is that
of the manifest. Members stand uncompressed, in the order of their names, with one fixed date, so that the
whole file follows from them and any changed byte shows. Nothing in it depends on when it was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from bot import __version__
from bot.model.signing import Signer, canonical, is_signed

if TYPE_CHECKING:
    from bot.compliance.originals import Original
    from bot.compliance.results import SubjectKind
    from bot.metrics.events.lines import SourceLine
    from bot.model.timerange import TimeRange
    from bot.state.approvals import Approval
    from bot.sync.events.coverage import Coverage

PACK_KIND: Final = "codex-pulse evidence pack"
SCHEMA: Final = 1
MANIFEST, SIGNATURE, LINES, ORIGINALS = "manifest.json", "signature", "lines.jsonl", "originals.jsonl"
FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, by whom and for what."""

    kind: SubjectKind
    subject: str
    window: TimeRange
    case: str
    purpose: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What goes into a pack. `cut` is true when the log holds more lines; originals need an approval."""

    question: Question
    lines: tuple[SourceLine, ...]
    coverage: Coverage
    cut: bool = False
    approval: Approval | None = None
    originals: tuple[Original, ...] = ()


def pack_bytes(evidence: Evidence, signer: Signer) -> bytes:
    """The zip."""
    members = {LINES: _json_lines(_line(line) for line in evidence.lines)}
    if evidence.approval is not None:
        members[ORIGINALS] = b"".join(one.raw + b"\n" for one in evidence.originals if one.raw is not None)
    manifest = {
        "schema": SCHEMA,
        "kind": PACK_KIND,
        "made_by": f"codex-pulse {__version__}",
        "query": _question(evidence.question),
        "lines": {"count": len(evidence.lines), "cut": evidence.cut},
        "source_files": sorted({line.file_id for line in evidence.lines}),
        "approval": _approval(evidence.approval),
        "originals_gone": [one.line.event_id for one in evidence.originals if one.raw is None],
        "coverage": coverage_document(evidence.coverage),
        "members": {name: hashlib.sha256(raw).hexdigest() for name, raw in members.items()},
        "public_key": signer.public_key,
    }
    signature = signer.sign(manifest).encode()
    return _zipped({**members, MANIFEST: canonical(manifest), SIGNATURE: signature})


def pack_fault(raw: bytes, public_key: str | None = None) -> str | None:
    """What is wrong with a pack, None when every byte is as it was signed.

    Without `public_key` the key named in the pack is believed: that finds damage, not forgery.
    """
    members = _members(raw)
    manifest = _manifest(members)
    if members is None or manifest is None:
        return "it is not an evidence pack as it was written"
    told_key = manifest["public_key"]
    if public_key is not None and public_key != told_key:
        return f"it is signed by another key, {told_key}"
    if not is_signed(manifest, members[SIGNATURE].decode("ascii", "replace"), told_key):
        return "the signature does not fit its manifest"
    rest = {name: data for name, data in members.items() if name not in {MANIFEST, SIGNATURE}}
    if {name: hashlib.sha256(data).hexdigest() for name, data in rest.items()} != manifest["members"]:
        return "its files are not those that were signed"
    return None if _originals_fit(rest) else "an original line is not one of those the pack is about"


def pack_manifest(raw: bytes) -> dict[str, Any]:
    """The manifest of a pack that has no fault."""
    found = _manifest(_members(raw))
    if found is None:
        message = "not an evidence pack"
        raise ValueError(message)
    return found


def _zipped(members: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name in sorted(members):
            info = ZipInfo(name, FIXED_DATE)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, members[name])
    return out.getvalue()


def _members(raw: bytes) -> dict[str, bytes] | None:
    """The members, None unless these are exactly the bytes that would be written for them."""
    try:
        with ZipFile(BytesIO(raw)) as archive:
            if any(info.compress_type != ZIP_STORED for info in archive.infolist()):
                return None
            found = {info.filename: archive.read(info) for info in archive.infolist()}
        # what a damaged directory makes zipfile raise is not only BadZipFile
        return found if _zipped(found) == raw else None
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, KeyError, NotImplementedError):
        return None


def _manifest(members: dict[str, bytes] | None) -> dict[str, Any] | None:
    """The manifest, None unless it is as it would be written; anybody can sign anything."""
    raw = (members or {}).get(MANIFEST, b"")
    try:
        document = msgspec.json.decode(raw, type=dict[str, Any])
        known = (document["kind"], document["schema"]) == (PACK_KIND, SCHEMA)
        told = isinstance(document["public_key"], str) and isinstance(document["lines"]["count"], int)
        whole = told and "members" in document and SIGNATURE in (members or {})
        same = canonical(document) == raw
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, RecursionError):
        return None
    return document if known and whole and same else None


def _originals_fit(members: Mapping[str, bytes]) -> bool:
    try:
        told = {msgspec.json.decode(line, type=_Told).sha256 for line in members[LINES].splitlines()}
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # as for the manifest
        return False
    given = members.get(ORIGINALS, b"").split(b"\n")
    return all(hashlib.sha256(line).hexdigest() in told for line in given if line)


class _Told(msgspec.Struct):
    """What a line of the pack says of its original."""

    sha256: str


def _json_lines(documents: Any) -> bytes:
    return b"".join(canonical(document) + b"\n" for document in documents)


def _line(line: SourceLine) -> dict[str, Any]:
    return {
        "event_id": line.event_id,
        "type": line.type,
        "event_type": line.event_type,
        "at": line.at.isoformat(),
        "user_id": line.user_id,
        "session_id": line.session_id,
        "file_id": line.file_id,
        "line": line.number,
        "sha256": line.sha256,
        "stored": dict(line.stored),
    }


def _question(question: Question) -> dict[str, Any]:
    window = {"start": question.window.start.isoformat(), "end": question.window.end.isoformat()}
    told = {"kind": question.kind.value, "subject": question.subject, "window": window}
    return {**told, "case": question.case, "purpose": question.purpose, "asked_by": question.asked_by}


def _approval(held: Approval | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {
        "id": held.id,
        "requested_by": held.asked.requester_id,
        "requested_at": _instant(held.requested_at),
        "purpose": held.asked.purpose,
        "decided_by": held.decided_by,
        "decided_at": _instant(held.decided_at),
    }


def coverage_document(coverage: Coverage) -> dict[str, Any]:
    """What an answer rests on, for a signed document."""
    types = [
        {
            "event_type": each.event_type,
            "since": _instant(each.since),
            "listed_at": _instant(each.listed_at),
            "newest_at": _instant(each.newest_at),
            "gaps": [[_instant(start), _instant(end)] for start, end in each.gaps],
        }
        for each in coverage.types
    ]
    missing = [
        {"file_id": f.file_id, "event_type": f.event_type, "state": f.state.value} for f in coverage.missing
    ]
    return {
        "types": types,
        "missing_files": missing,
        "unread_days": [d.isoformat() for d in coverage.unread_days],
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
