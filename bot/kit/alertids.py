"""Alerts as people name them: `AL-3`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.kit.alerting import visible
from bot.kit.deps import Deps
from bot.model.chat import Asker
from bot.model.errors import BadValue
from bot.state.alerts import Alert, Alerts

_ID = re.compile(r"(?:al-?|#)?([0-9]{1,9})", re.IGNORECASE)


async def alert_named(words: Sequence[str], deps: Deps, command: str, asker: Asker) -> Alert:
    """The alert that `words` name. Raises BadValue for none, and alike for one that the asker may not see."""
    found = _ID.fullmatch(words[0]) if len(words) == 1 else None
    if found is None:
        typed = " ".join(words)
        raise BadValue(f"`{typed}` is no alert: name one, such as `{command} AL-3`.", "alerts")
    alert = await Alerts(deps.state).get(int(found[1]))
    if alert is None or not visible(alert, asker):
        raise BadValue(f"There is no alert AL-{int(found[1])}.", "alerts")
    return alert
