"""`verify FILE` and `key`: whether a file is as it was signed, and by whom. Offline."""

from __future__ import annotations

import argparse
import sys

from bot.app.demo import demo_folder, offline
from bot.app.signingkey import signer
from bot.console.exits import Exit
from bot.kit.exportreceipts import fault_of, receipt_of
from bot.model.errors import WrongUse
from bot.model.signing import is_public_key
from bot.settings import Settings


async def verify(arguments: argparse.Namespace) -> Exit:
    """Exit 5 when a byte of the file or of its receipt is not as it was signed."""
    path, key_wanted = arguments.file, arguments.key
    if key_wanted is not None and not is_public_key(key_wanted):
        raise WrongUse("That is no public key.", "Give what `codex-pulse key` prints.")
    try:
        fault = fault_of(path, key_wanted)
        receipt = None if fault else receipt_of(path)
    except OSError as error:
        raise WrongUse(f"Cannot read {path}: {error.strerror}.", "") from None
    if receipt is None:
        sys.stderr.write(f"{path.name} does not verify: {fault}.\n")
        return Exit.CHECK_FAILED
    file, signed_by = receipt["file"], receipt["public_key"]
    sys.stdout.write(f"{path.name} is as it was made: {file['rows']:,} rows, signed by {signed_by}.\n")
    if key_wanted is None:
        sys.stdout.write("Whose key that is was not checked: give --key.\n")
    return Exit.DONE


async def key(arguments: argparse.Namespace) -> Exit:
    """Print the public key of this installation, or of the demo."""
    settings = Settings.load()
    if arguments.demo:
        settings = offline(settings, demo_folder(settings))
    sys.stdout.write(signer(settings).public_key + "\n")
    return Exit.DONE
