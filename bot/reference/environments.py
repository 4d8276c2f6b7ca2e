"""Cloud environments of the demo workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.reference import rhythm
from bot.reference.chance import digest
from bot.reference.people import People
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Record

_LABELS = (
    "billing", "web-shop", "mobile-app", "data-platform", "search", "identity", "<!channel> *sandbox*",
    "docs", "infra", "payments", "recommendations", "internal-tools", "=IMPORTXML(1)", "legacy-erp",
)  # fmt: skip
_APART_DAYS = 29


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment and the person who made it."""

    environment_id: str
    label: str
    creator: int
    created: int
    place: int


def environments_of(people: People) -> tuple[Environment, ...]:
    """All environments there will ever be, oldest first."""
    return tuple(_environment(people, place, label) for place, label in enumerate(_LABELS))


def environment_on(people: People, day: date, draw: float) -> str:
    """Id of an environment that exists on a day."""
    at = (day.toordinal() - EPOCH_ORDINAL) * DAY
    known = [environment for environment in environments_of(people) if environment.created <= at]
    return (
        known[int(draw * len(known))].environment_id if known else environments_of(people)[0].environment_id
    )


def environment_row(people: People, environment: Environment) -> Record:
    """Write an element of `codex_environments` (contract.md e.8)."""
    slug = f"northwind/service-{environment.place}"
    return {
        "object": "compliance.workspace.codex_environment",
        "id": environment.environment_id,
        "created_at": environment.created / SECOND,
        "machine_id": f"m-{environment.place}",
        "label": environment.label,
        "description": None if environment.place % 3 == 0 else f"Builds and tests of {environment.label}",
        "workspace_dir": None if environment.place % 5 == 0 else f"service-{environment.place}",
        "is_pinned": environment.place == 1,
        "repos": [f"github:{slug}"],
        "setup": "make setup" if environment.place % 2 else ["pip install -e .", "npm ci"],
        "repo_map": None if environment.place % 4 == 0 else _repo_map(slug),
        "env_vars": {"APP_ENV": "test", "SERVICE_TOKEN": f"demo-{digest('env', environment.place)[:16]}"},
        "secrets": {},
        "task_count": None if environment.place % 6 == 0 else 4 + 17 * environment.place,
        "creator_id": people.user_ids[environment.creator],
        "share_settings": "workspace" if environment.place % 2 else "private",
    }


def _repo_map(slug: str) -> Record:
    commit = digest("commit", slug)[:40]
    return {f"github:{slug}": {"url": f"https://github.com/{slug}", "branch": "main", "commit": commit}}


def _environment(people: People, place: int, label: str) -> Environment:
    day = rhythm.FIRST_DAY + timedelta(days=_APART_DAYS * place)
    return Environment(
        environment_id=f"env_{digest('environment', people.seed, place)[:12]}",
        label=label,
        creator=list(people.roles)[place % len(people.roles)],
        created=(day.toordinal() - EPOCH_ORDINAL) * DAY + 9 * 3600 * SECOND + 250_000,
        place=place,
    )
