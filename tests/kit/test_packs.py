from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compliance.originals import Original
from bot.compliance.results import SubjectKind
from bot.kit.packs import FIXED_DATE, PACK_KIND, Evidence, Question, pack_bytes, pack_fault
from bot.metrics.events.lines import SourceLine
from bot.model.signing import Signer, canonical
from bot.model.timerange import TimeRange
from bot.state.approvals import Approval, ApprovalState, NewApproval
from bot.sync.events.coverage import Coverage, TypeCoverage

AT = datetime(2026, 10, 20, 3, tzinfo=UTC)
SIGNER, OTHER = Signer(bytes(32)), Signer(bytes([7]) * 32)
RAW = b'{"event_id":"e1"}'
LINE = SourceLine(
    "e1", "CODEX_LOG", "PROMPT_SENT", AT, "u1", "s1", "eclf_1", 3, hashlib.sha256(RAW).hexdigest()
)
HELD = Approval(12, NewApproval("U1", "{}", "why"), ApprovalState.APPROVED, "n", AT, AT, "U2", AT, AT)


def evidence(raw: bytes = RAW) -> Evidence:
    window = TimeRange(date(2026, 10, 14), date(2026, 10, 21))
    coverage = Coverage((TypeCoverage("CODEX_LOG", AT, AT, None, ()),), (), ())
    question = Question(SubjectKind.USER, "u1", window, "INC-12", "why", "U1")
    return Evidence(question, (LINE,), coverage, approval=HELD, originals=(Original(LINE, raw),))


DEEP = b"[" * 100_000 + b"]" * 100_000
PACK = pack_bytes(evidence(), SIGNER)


def test_an_untouched_pack_has_no_fault() -> None:
    assert pack_fault(PACK, SIGNER.public_key) is None
    assert pack_fault(PACK) is None


@given(st.integers(0, len(PACK) - 1), st.integers(1, 255))
def test_any_changed_byte_is_a_fault(at: int, difference: int) -> None:
    changed = bytearray(PACK)
    changed[at] ^= difference
    assert pack_fault(bytes(changed), SIGNER.public_key) is not None


def test_every_single_byte_counts() -> None:
    for at in range(len(PACK)):
        changed = bytearray(PACK)
        changed[at] ^= 1
        assert pack_fault(bytes(changed), SIGNER.public_key) is not None, at


@given(st.integers(0, len(PACK) - 1))
def test_a_cut_or_longer_pack_is_a_fault(length: int) -> None:
    assert pack_fault(PACK[:length], SIGNER.public_key) is not None
    assert pack_fault(PACK + PACK[:length] + b"x", SIGNER.public_key) is not None


@given(st.binary(max_size=200))
def test_anything_else_is_no_pack_and_never_a_crash(raw: bytes) -> None:
    assert pack_fault(raw) is not None


def test_a_pack_of_another_key_is_named() -> None:
    assert "another key" in str(pack_fault(pack_bytes(evidence(), OTHER), SIGNER.public_key))


def test_an_original_that_the_lines_do_not_name_is_a_fault_even_signed() -> None:
    assert "original line" in str(pack_fault(pack_bytes(evidence(b"{}"), SIGNER), SIGNER.public_key))


@pytest.mark.parametrize(
    "lines",
    [None, b"not JSON\n", b"[1]\n", b"{}\n", b'{"sha256":1}\n', b"\xff", b'{"a":' + DEEP + b"}\n"],
    ids=["none", "text", "list", "bare", "int", "bytes", "deep"],
)
def test_a_pack_that_somebody_signed_over_nonsense_is_a_fault(lines: bytes | None) -> None:
    assert pack_fault(signed({} if lines is None else {"lines.jsonl": lines})) is not None


@pytest.mark.parametrize(
    "changes", [{"lines": None}, {"lines": {}}, {"lines": {"count": "1"}}, {"public_key": 1}]
)
def test_a_manifest_of_another_form_is_no_manifest_even_signed(changes: dict[str, object]) -> None:
    assert pack_fault(signed({"lines.jsonl": b""})) is None
    assert pack_fault(signed({"lines.jsonl": b""}, changes)) is not None


def test_a_manifest_nested_too_deep_is_no_manifest() -> None:
    assert pack_fault(zipped({"manifest.json": b'{"a":' + DEEP + b"}", "signature": b"x"})) is not None


def signed(members: dict[str, bytes], changes: dict[str, object] | None = None) -> bytes:
    """A pack that a stranger signed."""
    manifest: dict[str, object] = {
        "kind": PACK_KIND,
        "lines": {"count": 0},
        "members": {name: hashlib.sha256(raw).hexdigest() for name, raw in members.items()},
        "public_key": OTHER.public_key,
        "schema": 1,
    }
    manifest |= changes or {}
    signature = OTHER.sign(manifest).encode()
    return zipped({**members, "manifest.json": canonical(manifest), "signature": signature})


def zipped(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name in sorted(members):
            info = ZipInfo(name, FIXED_DATE)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, members[name])
    return out.getvalue()
