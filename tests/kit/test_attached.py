from __future__ import annotations

import csv
import hashlib
from io import StringIO

from bot.kit.attached import attach, csv_text
from bot.kit.exportfiles import ExportFolder, discard
from bot.model.chat import Column, Reply, Table, Unit
from bot.model.signing import Signer


def no_signer() -> Signer:
    raise AssertionError


def test_a_text_is_a_file_with_its_hash_until_it_is_discarded() -> None:
    folder = ExportFolder(no_signer).new_folder()
    (file,) = attach(folder, {"a.csv": "grüß\r\n"})
    assert file.path.read_bytes() == "grüß\r\n".encode()
    assert file.sha256 == hashlib.sha256("grüß\r\n".encode()).hexdigest()
    discard(Reply("digest", "", files=(file,)))
    assert not folder.exists()


def test_csv_has_keys_unrounded_numbers_and_empty_cells_for_no_data() -> None:
    columns = (Column("team", "Team"), Column("credits", "Credits", Unit.CREDITS))
    text = csv_text(Table(columns, (("a, b", 1.25), ("c", None))))
    assert list(csv.reader(StringIO(text, newline=""))) == [["team", "credits"], ["a, b", "1.25"], ["c", ""]]


def test_a_name_that_a_spreadsheet_would_run_is_only_a_name() -> None:
    text = csv_text(Table((Column("team", "Team"), Column("n", "N", Unit.PEOPLE)), (("=1+1", -3),)))
    assert text == "team,n\r\n'=1+1,-3\r\n"
