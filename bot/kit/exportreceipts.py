"""`NAME.receipt.json`: what an export file is and what it was made from, signed.

Nothing in it depends on when it was written: the same lake files give the same export and the same receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec

from bot import __version__
from bot.analytics.exporting import ExportResult, SourceFile
from bot.kit.encoding import Form
from bot.metrics import DEFINITIONS_VERSION
from bot.metrics.coverage import Coverage
from bot.model.signing import Document, Signer, is_signed

RECEIPT_SUFFIX = ".receipt.json"
RECEIPT_KIND = "codex-pulse export receipt"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Written:
    """A finished export file."""

    name: str
    form: Form
    sha256: str
    size_bytes: int
    row_count: int


def receipt_bytes(written: Written, told: Document, signer: Signer) -> bytes:
    """The receipt file, signature included; `told` is what the export rests on."""
    document = {
        "schema": SCHEMA,
        "kind": RECEIPT_KIND,
        "made_by": f"codex-pulse {__version__}",
        "file": {
            "name": written.name,
            "media_type": written.form.media_type,
            "sha256": written.sha256,
            "size_bytes": written.size_bytes,
            "rows": written.row_count,
        },
        **told,
        "public_key": signer.public_key,
    }
    return _rendered({**document, "signature": signer.sign(document)})


def usage_document(result: ExportResult) -> dict[str, Any]:
    """What an export of usage or reviews rests on."""
    return {
        "export": result.kind.value,
        "columns": [column.name for column in result.columns],
        **_days(result.coverage),
        "definitions_version": DEFINITIONS_VERSION,
        "contract_version": result.contract_version,
        "lake_files": lake_files(result.files),
    }


def lake_files(files: Iterable[SourceFile]) -> list[dict[str, Any]]:
    """The files that were read."""
    return [_lake_file(file) for file in files]


def fault_of(path: Path, public_key: str | None = None) -> str | None:
    """What is wrong with an export file or its receipt, None when both are as they were signed.

    Without `public_key` the key named in the receipt is believed: that finds damage, not forgery.
    """
    receipt_path = path.with_name(path.stem + RECEIPT_SUFFIX)
    if not receipt_path.is_file():
        return f"there is no {receipt_path.name} beside it"
    raw = receipt_path.read_bytes()
    document = _parsed(raw)
    if document is None:
        return f"{receipt_path.name} is not a receipt as it was written"
    signature, told_key = document.pop("signature"), document["public_key"]
    if public_key is not None and public_key != told_key:
        return f"it is signed by another key, {told_key}"
    if not is_signed(document, signature, told_key):
        return f"the signature does not fit {receipt_path.name}"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return None if found == document["file"]["sha256"] else "its bytes are not those that were signed"


def receipt_of(path: Path) -> dict[str, Any]:
    """The receipt beside a file that has no fault."""
    found: dict[str, Any] = msgspec.json.decode(path.with_name(path.stem + RECEIPT_SUFFIX).read_bytes())
    return found


def _parsed(raw: bytes) -> dict[str, Any] | None:
    """The document, None unless these are exactly the bytes that would be written for it."""
    try:
        document = msgspec.json.decode(raw, type=dict[str, Any])
        known = (document["kind"], document["schema"]) == (RECEIPT_KIND, SCHEMA)
        texts = isinstance(document["signature"], str) and isinstance(document["public_key"], str)
        told = isinstance(document["file"]["sha256"], str) and isinstance(document["file"]["rows"], int)
        same = _rendered(document) == raw
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, RecursionError):
        return None
    return document if known and texts and told and same else None


def _rendered(document: Document) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _days(coverage: Coverage) -> dict[str, Any]:
    """Windows are half-open; the days are those of the window, UTC."""
    return {
        "window": {"start": coverage.window.start.isoformat(), "end": coverage.window.end.isoformat()},
        "asked": {"start": coverage.asked.start.isoformat(), "end": coverage.asked.end.isoformat()},
        "missing_days": [day.isoformat() for day in coverage.missing_days],
        "partial_days": [day.isoformat() for day in coverage.partial_days],
        "unsettled_days": [day.isoformat() for day in coverage.unsettled_days],
    }


def _lake_file(file: SourceFile) -> dict[str, Any]:
    fetched_at = file.fetched_at.astimezone(UTC).isoformat() if file.fetched_at else None
    return {"name": file.name, "sha256": file.sha256, "rows": file.rows, "fetched_at": fetched_at}
