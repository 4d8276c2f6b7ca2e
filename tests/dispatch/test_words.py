from __future__ import annotations

import pytest

from bot.dispatch.words import refusal
from bot.model import errors
from bot.model.chat import RefusalCode
from bot.model.errors import NotAllowed, PulseError, Unavailable, WrongUse


def family(root: type[PulseError]) -> list[type[PulseError]]:
    return [root, *(below for child in root.__subclasses__() for below in family(child))]


@pytest.mark.parametrize("kind", family(PulseError)[1:], ids=lambda kind: kind.__name__)
def test_every_known_failure_has_words(kind: type[PulseError]) -> None:
    error = kind(message="It is wrong.") if issubclass(kind, WrongUse) else kind()
    said = refusal(error)
    assert said.message
    assert said.message.endswith((".", "?"))
    assert said.code is not RefusalCode.BUG


def test_codes_follow_the_branch_of_the_family() -> None:
    assert refusal(WrongUse("Wrong.")).code is RefusalCode.WRONG_USE
    assert refusal(NotAllowed()).code is RefusalCode.NOT_ALLOWED
    assert refusal(Unavailable()).code is RefusalCode.UNAVAILABLE


def test_the_detail_for_the_log_is_never_shown() -> None:
    said = refusal(errors.Forbidden("sk-admin-secret in the body", "codex.enterprise.analytics.read"))
    assert "sk-admin" not in said.message + said.hint
    assert "codex.enterprise.analytics.read" in said.message


def test_forbidden_and_missing_look_alike_where_they_must() -> None:
    assert refusal(NotAllowed()) == refusal(NotAllowed("", ""))
