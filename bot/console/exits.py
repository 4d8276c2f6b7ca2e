"""Exit codes, the same for every subcommand (design section 4)."""

from __future__ import annotations

from enum import IntEnum

from bot.model.chat import Answer, Refusal, RefusalCode


class Exit(IntEnum):
    """What a script can tell apart; "no data" is done, and not found looks like not allowed."""

    DONE = 0
    BUG = 1
    WRONG_USE = 2
    NOT_ALLOWED = 3
    UNAVAILABLE = 4
    CHECK_FAILED = 5


OF_REFUSAL = {
    RefusalCode.BUG: Exit.BUG,
    RefusalCode.WRONG_USE: Exit.WRONG_USE,
    RefusalCode.NOT_ALLOWED: Exit.NOT_ALLOWED,
    RefusalCode.UNAVAILABLE: Exit.UNAVAILABLE,
}


def exit_of(answer: Answer) -> Exit:
    """The exit code of an answer."""
    if isinstance(answer, Refusal):
        return OF_REFUSAL[answer.code]
    return Exit.CHECK_FAILED if answer.check_failed else Exit.DONE
