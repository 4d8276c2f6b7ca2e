"""The App Home: figures, what I may see, what is posted for me, freshness and privacy. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.model.chat import Action, Answer, Asker, Reply
from bot.slack import blocks as b
from bot.slack import limits
from bot.slack.render import Look, render
from bot.slack.text import escape, instant

PRIVACY = (
    "Figures of the whole company are for everybody in the workspace. Figures of single people are for "
    "analysts, and to you about yourself. I read no messages, and I keep no text of what people ask Codex."
)
_FIGURES, _STANDING, _FRESH = "overview 7d private", "subscriptions", "status"
QUESTIONS = (_FIGURES, _STANDING, _FRESH)
"""What the Home asks in the person's name."""
_ASK_NEXT = ("overview", "usage 30d by model", "me 30d", "help")
_NO_ACCESS = "You are not a member of this workspace, so I cannot show you anything."


@dataclass(frozen=True, slots=True)
class HomePage:
    """Who looks, and the answers to `QUESTIONS`."""

    asker: Asker
    answers: Mapping[str, Answer]


def home(page: HomePage, look: Look) -> dict[str, Any]:
    """The view for `views.publish`."""
    blocks = list(_blocks(page, look)) if page.asker.levels else [b.section(_NO_ACCESS)]
    return {"type": "home", "blocks": blocks[: limits.BLOCKS_PER_VIEW]}


def _blocks(page: HomePage, look: Look) -> Iterator[b.Block]:
    yield b.header("Codex this week")
    yield from _part(page.answers[_FIGURES], look)
    yield from b.actions(_buttons(look))
    yield b.divider()
    yield b.header("My access")
    yield b.section(_access(page.asker))
    yield b.header("My subscriptions")
    yield from _part(page.answers[_STANDING], look)
    yield b.header("How fresh the figures are")
    yield from _part(page.answers[_FRESH], look)
    yield b.header("Privacy")
    yield b.section(PRIVACY)
    yield b.context(f"As of {instant(look.now)}. Type `{escape(look.command, 80)} help` in any channel.")


def _part(answer: Answer, look: Look) -> Sequence[b.Block]:
    """An answer without pictures and controls; only what stands in a list keeps its table."""
    if isinstance(answer, Reply):
        table = answer.table if answer.command == _STANDING else None
        answer = replace(answer, pictures=(), files=(), actions=(), table=table)
    return render(answer, look).blocks


def _access(asker: Asker) -> str:
    held = ", ".join(f"*{level.value}*" for level in sorted(asker.levels))
    linked = "linked to your Codex account" if asker.codex_user_id else "not linked to a Codex account"
    return f"You hold {held}, and you are {linked}."


def _buttons(look: Look) -> Iterator[b.Block]:
    for n, text in enumerate(_ASK_NEXT):
        action = Action(f"home-{n}", text, text)
        yield b.button(f"pulse.{action.id}", action.label, look.seal(action.command))
