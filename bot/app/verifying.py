"""`verify FILE` and `key`: whether a file is as it was signed, and by whom. Offline."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.app.demo import demo_folder, offline
from bot.app.signingkey import signer
from bot.console.exits import Exit
from bot.kit.exportreceipts import fault_of, receipt_of
from bot.kit.packs import pack_fault, pack_manifest
from bot.model.errors import WrongUse
from bot.model.signing import is_public_key
from bot.settings import Settings


async def verify(arguments: argparse.Namespace) -> Exit:
    """Exit 5 when a byte of the file, its receipt or the evidence pack is not as it was signed."""
    path, key_wanted = arguments.file, arguments.key
    if key_wanted is not None and not is_public_key(key_wanted):
        raise WrongUse("That is no public key.", "Give what `codex-pulse key` prints.")
    try:
        fault, said = (_pack if path.suffix == ".zip" else _export)(path, key_wanted)
    except OSError as error:
        raise WrongUse(f"Cannot read {path}: {error.strerror}.", "") from None
    if fault:
        sys.stderr.write(f"{path.name} does not verify: {fault}.\n")
        return Exit.CHECK_FAILED
    sys.stdout.write(f"{path.name} is as it was made: {said}.\n")
    if key_wanted is None:
        sys.stdout.write("Whose key that is was not checked: give --key.\n")
    return Exit.DONE


def _export(path: Path, key_wanted: str | None) -> tuple[str | None, str]:
    """The fault of an exported file, else what it holds; raises OSError when it is not there."""
    path.stat()
    if fault := fault_of(path, key_wanted):
        return fault, ""
    receipt = receipt_of(path)
    return None, f"{receipt['file']['rows']:,} rows, signed by {receipt['public_key']}"


def _pack(path: Path, key_wanted: str | None) -> tuple[str | None, str]:
    """The fault of an evidence pack, else what it holds."""
    raw = path.read_bytes()
    if fault := pack_fault(raw, key_wanted):
        return fault, ""
    manifest = pack_manifest(raw)
    return None, f"{manifest['lines']['count']:,} lines, signed by {manifest['public_key']}"


async def key(arguments: argparse.Namespace) -> Exit:
    """Print the public key of this installation, or of the demo."""
    settings = Settings.load()
    if arguments.demo:
        settings = offline(settings, demo_folder(settings))
    sys.stdout.write(signer(settings).public_key + "\n")
    return Exit.DONE
