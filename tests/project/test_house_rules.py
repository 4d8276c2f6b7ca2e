from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for package in ("bot", "handlers", "charts")
    for path in sorted((ROOT / package).rglob("*.py"))
}
MOST_LINES = 25
BROAD = {None, "Exception", "BaseException"}
WITHOUT_REASON = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])$", re.MULTILINE)


def broad_excepts(source: str) -> int:
    handlers = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler))
    return sum(1 for each in handlers if (ast.unparse(each.type) if each.type else None) in BROAD)


def test_whatever_goes_wrong_is_caught_in_one_place_only() -> None:
    found = {path: count for path, source in SOURCES.items() if (count := broad_excepts(source))}
    assert found == {"bot/dispatch/dispatcher.py": 1}


def test_every_exception_from_a_rule_of_the_linters_has_its_reason() -> None:
    assert [path for path, source in SOURCES.items() if WITHOUT_REASON.search(source)] == []


def test_no_function_is_longer_than_25_lines() -> None:
    """Docstrings are not counted; migrations, which only list columns, are left out."""
    found = [
        f"{path}:{one.lineno} {one.name}: {lines_of(one)}"
        for path, source in SOURCES.items()
        for one in ast.walk(ast.parse(source))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(one) > MOST_LINES
    ]
    assert [one for one in found if "/migrations/versions/" not in one] == []


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0] if ast.get_docstring(function) is not None else None
    told = (first.end_lineno or 0) - first.lineno + 1 if first else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_changes_something(name: str) -> None:
    assert any(re.search(rf"\.{name}\b", source) for source in SOURCES.values())
