from __future__ import annotations

import pytest

from bot.metrics.clients import CLIENTS, Surface, client_named, named_label


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("cli", "cli"),
        ("CLI", "cli"),
        ("Code Review", "code_review"),
        ("code_review", "code_review"),
        ("IDE extension", "ide"),
        ("vscode", "CODEX_IDE_VSCODE"),
        ("VS Code extension", "CODEX_IDE_VSCODE"),
        ("exec", "CODEX_SERVICE_EXEC"),
        ("slack", "CODEX_SLACK"),
        ("pycharm", "CODEX_IDE_JETBRAINS_PYCHARM"),
        ("IntelliJ IDEA", "CODEX_IDE_JETBRAINS_INTELLIJ_IDEA"),
        ("codex_cli", "CODEX_CLI"),
        ("CODEX_NEVER_HEARD_OF", "CODEX_NEVER_HEARD_OF"),
        ("colour", None),
        ("", None),
    ],
)
def test_a_client_is_found_as_people_write_it(word: str, found: str | None) -> None:
    assert client_named(word) == found


@pytest.mark.parametrize("client_id", sorted(CLIENTS))
def test_every_client_is_found_by_its_id_and_by_its_name(client_id: str) -> None:
    label, surface = CLIENTS[client_id]
    assert client_named(client_id) == client_id
    named = client_named(label)
    assert named in (client_id, surface), f"{label} is the client, or the surface of the same name"


@pytest.mark.parametrize("surface", list(Surface))
def test_a_surface_is_found_by_its_key_and_has_a_name(surface: Surface) -> None:
    assert client_named(surface) == surface
    assert named_label(surface)
