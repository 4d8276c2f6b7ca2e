"""Every look-up in the audit log, refused or answered, as a line of the trail."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from typing import Final, Self

from bot.app.secrets import derived
from bot.compliance.results import SubjectKind
from bot.dispatch.dispatcher import Outcome
from bot.kit.command import Command
from bot.model.chat import Request
from bot.model.query import Query
from bot.settings import Settings
from bot.state.engine import StateDb
from bot.state.trail import Json, Trail

ACTION: Final = "look-up"
PURPOSE_CHARS: Final = 200
ADDRESS: Final = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True)
class LookUpTrail:
    """Keeps who asked, for which case and why, and how it ended.

    Whom the question was about stands there as a keyed hash: with the installation's secret one can check
    whether somebody was looked up, and without it the trail names nobody but those who asked.
    """

    trail: Trail
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings, state: StateDb) -> Self:
        """The trail of this installation's state."""
        return cls(Trail(state), derived(settings.secret_key, "trail subjects"))

    async def note(self, command: Command, request: Request, outcome: Outcome) -> None:
        """Append one line."""
        told: dict[str, Json] = {"command": command.name, "outcome": outcome.value}
        told |= {"place": request.place.kind.value} | self._question(request.query)
        await self.trail.append(request.asker.id, ACTION, told, request.now)

    def _question(self, query: Query) -> dict[str, Json]:
        kinds = [kind for kind in SubjectKind if kind in query.options]
        told: dict[str, Json] = {kind.value: self.hashed(query.option(kind)) for kind in kinds}
        told |= {name: value for name in ("kind", "case") if (value := query.option(name))}
        if query.words:
            told["purpose"] = ADDRESS.sub("[address]", " ".join(query.words))[:PURPOSE_CHARS]
        if query.asked:
            told["window"] = [query.asked.window.start.isoformat(), query.asked.window.end.isoformat()]
        return told

    def hashed(self, subject: str) -> str:
        """What stands for a subject: the same for every spelling of an address."""
        return hmac.digest(self.key, subject.strip().casefold().encode(), "sha256").hex()[:32]
