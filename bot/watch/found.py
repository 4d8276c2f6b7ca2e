"""What a look at the figures found: alerts that stand, and groups that could not be judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.kit.alerting import Told
from bot.state.alerts import NewAlert


class Kind(StrEnum):
    """What an alert can be about."""

    THRESHOLD = "budget_threshold"
    OVERRUN = "forecast_overrun"
    SPIKE = "spike"
    DROP = "drop"
    TOKEN_CREATED = "security_token_created"  # noqa: S105  a kind, not a secret
    TOKEN_REVOKED = "security_token_revoked"  # noqa: S105  the same
    TOKEN_EXPIRING = "security_token_expiring"  # noqa: S105  the same
    TOKEN_UNUSED = "security_token_unused"  # noqa: S105  the same
    NETWORK_OPENED = "security_network_opened"
    PATCH_OPENED = "security_patch_opened"
    FOREIGN_PULL = "security_foreign_pull"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is true now. `key` names it for ever, `scope` whom it is about."""

    key: str
    kind: Kind
    scope: str
    told: Told

    def new_alert(self) -> NewAlert:
        """As it is stored first."""
        return NewAlert(self.key, self.kind.value, self.scope, self.told.to_json())


@dataclass(frozen=True, slots=True)
class Found:
    """`unjudged` are groups without the data to say that an alert of theirs is over."""

    findings: tuple[Finding, ...] = ()
    unjudged: frozenset[str] = frozenset()

    @classmethod
    def joined(cls, parts: Iterable[Found]) -> Found:
        """All of them, in order."""
        whole = cls()
        for part in parts:
            whole = replace(
                whole, findings=whole.findings + part.findings, unjudged=whole.unjudged | part.unjudged
            )
        return whole
