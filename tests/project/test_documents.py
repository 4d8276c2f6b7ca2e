from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app.commandpages import spliced
from bot.app.demoanswers import PICTURE_BYTES, PICTURED
from bot.app.docs import documents
from handlers import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "commands"
LINKS = re.compile(r"\]\(([^)#:]+)\)")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_every_generated_document_says_what_the_code_says() -> None:
    stale = [str(path) for path, text in documents() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == [], "run python -m bot.app.docs"


def test_no_page_is_of_a_command_that_is_gone() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {"README", *(c.name for c in COMMANDS)}


@pytest.mark.parametrize("name", PICTURED)
def test_the_main_commands_are_shown_in_small_pictures_with_words_beside_them(name: str) -> None:
    picture = PAGES / f"{name}.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size <= PICTURE_BYTES
    assert re.search(rf"!\[[^\]]{{20,}}\]\({name}\.png\)", (PAGES / f"{name}.md").read_text("utf-8"))


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda p: p.name)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    broken = [link for link in LINKS.findall(path.read_text("utf-8")) if not (path.parent / link).exists()]
    assert broken == []


def test_a_document_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no markers for registry"):
        spliced("# usage", "registry", "text")
