"""Export files on disk, each with its signed receipt; whoever delivers them discards them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from bot.kit.encoding import Encoder, Form, encoder
from bot.kit.exportreceipts import RECEIPT_SUFFIX, Written, receipt_bytes
from bot.metrics.exportcolumns import ExportColumn
from bot.metrics.exports import Row
from bot.model.chat import Answer, File, Reply
from bot.model.signing import Document, Signer

FOLDER_PREFIX = "codex-pulse-export-"


class ExportFile:
    """One file being written; a `Sink` of rows."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path = path
        self.form = form
        self.row_count = 0
        self._hash = hashlib.sha256()
        self._out: BinaryIO | None = None
        self._encoder: Encoder | None = None

    def begin(self, columns: tuple[ExportColumn, ...]) -> None:
        """Empty the file and write its head."""
        self.close()
        self._hash, self.row_count = hashlib.sha256(), 0
        self._out, self._encoder = self.path.open("wb"), encoder(self.form, columns)
        self._write(self._encoder.head())

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        if self._encoder is None:
            message = "rows came before the columns"
            raise RuntimeError(message)
        for count, piece in self._encoder.rows(rows):
            self._write(piece)
            self.row_count += count

    def sealed(self, told: Document, signer: Signer) -> tuple[File, File]:
        """The finished file and its signed receipt, which tells what it rests on."""
        if self._encoder is not None:
            self._write(self._encoder.tail())
        self.close()
        written = Written(
            self.path.name, self.form, self._hash.hexdigest(), self.path.stat().st_size, self.row_count
        )
        receipt = self.path.with_name(self.path.stem + RECEIPT_SUFFIX)
        raw = receipt_bytes(written, told, signer)
        receipt.write_bytes(raw)
        return (
            File(self.path.name, self.form.media_type, self.path, written.sha256),
            File(receipt.name, Form.JSON.media_type, receipt, hashlib.sha256(raw).hexdigest()),
        )

    def close(self) -> None:
        """Let go of the file."""
        if self._out is not None:
            self._out.close()
        self._out = None

    def _write(self, piece: bytes) -> None:
        if self._out is None:
            message = "the file is closed"
            raise RuntimeError(message)
        self._out.write(piece)
        self._hash.update(piece)


class ExportFolder:
    """Makes export files in temporary folders; `close` removes those that nobody discarded."""

    def __init__(self, signer: Callable[[], Signer]) -> None:
        self.signer = signer
        self._folders: set[Path] = set()

    @contextmanager
    def writing(self, stem: str, form: Form) -> Iterator[ExportFile]:
        """A file `STEM.FORM` in a folder of its own, removed when the block fails."""
        folder = self.new_folder()
        file = ExportFile(folder / f"{stem}.{form}", form)
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            undo.callback(file.close)
            yield file
            undo.pop_all()

    def new_folder(self) -> Path:
        """An empty folder for the files of one answer."""
        folder = Path(mkdtemp(prefix=FOLDER_PREFIX))
        self._folders.add(folder)
        return folder

    def close(self) -> None:
        """Remove everything that is left."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)


def discard(answer: Answer) -> None:
    """Remove the files of an answer that has been delivered, or never will be."""
    if isinstance(answer, Reply):
        for folder in {file.path.parent for file in answer.files}:
            if folder.name.startswith(FOLDER_PREFIX):
                shutil.rmtree(folder, ignore_errors=True)
