from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
TOOLS = {name: ROOT / f"requirements-{name}.lock" for name in ("interop", "audit")}
ALL = pytest.mark.parametrize("lock", [RUNTIME, DEV, *TOOLS.values()], ids=lambda lock: lock.name)


def entries(lock: Path) -> list[tuple[Requirement, str]]:
    """Each pinned requirement with the text of its hashes."""
    text = "\n".join(line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#"))
    logical = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(Requirement(line.split(" --hash", 1)[0]), line) for line in logical]


def pins(lock: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for requirement, _ in entries(lock):
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier)[2:])
    return found


def declared(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = [*project["project"]["dependencies"]]
    for extra in project["project"]["optional-dependencies"].values():
        texts += extra
    for group in groups:
        texts += [text for text in project["dependency-groups"][group] if isinstance(text, str)]
    return [Requirement(text) for text in texts]


@ALL
def test_every_line_of_a_lock_is_one_exact_version_with_hashes(lock: Path) -> None:
    for requirement, line in entries(lock):
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), line[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line[:80]


@ALL
def test_a_lock_names_no_index_and_no_path_of_a_machine(lock: Path) -> None:
    assert not re.search(r"://|find-links|index-url|file:|@ |^-", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "groups"), [(RUNTIME, ("build",)), (DEV, ("build", "dev"))], ids=["runtime", "dev"]
)
def test_a_lock_holds_all_that_pyproject_asks_for(lock: Path, groups: tuple[str, ...]) -> None:
    held = pins(lock)
    for requirement in declared(*groups):
        versions = held.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not locked: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


@ALL
def test_a_lock_names_every_extra_that_a_package_in_it_asks_for(lock: Path) -> None:
    """Without `[toml]` in the lock, pip looks for `coverage[toml]` by itself and takes the newest release."""
    held = {canonicalize_name(requirement.name): requirement for requirement, _ in entries(lock)}
    asked = [needed for name in held for needed in needs(name, held[name].extras)]
    missing = {
        str(needed)
        for needed in asked
        if (one := held.get(canonicalize_name(needed.name))) and not needed.extras <= one.extras
    }
    assert not missing


def needs(name: str, extras: set[str]) -> list[Requirement]:
    """What an installed package with those extras asks for here; nothing if it is not installed."""
    try:
        texts = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    found = [Requirement(text) for text in texts]
    return [
        one
        for one in found
        if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in (extras or {""}))
    ]


@pytest.mark.parametrize("name", TOOLS)
def test_a_lock_of_tools_holds_its_group_in_the_versions_of_everything_else(name: str) -> None:
    held, dev = pins(TOOLS[name]), pins(DEV)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for text in project["dependency-groups"][name]:
        assert held.get(canonicalize_name(Requirement(text).name)), text
    shared = held.keys() & dev.keys()
    assert {package: held[package] - dev[package] for package in shared} == {p: set() for p in shared}


@ALL
def test_a_lock_can_be_looked_at_where_the_code_is(lock: Path) -> None:
    assert lock.stat().st_size < 300_000


def test_both_locks_agree() -> None:
    dev = pins(DEV)
    assert {name: dev.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)
