"""The demo workspace: the reference server inside this process, and a lake filled as a real one would be."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from filelock import AsyncFileLock
from pydantic import SecretStr

from bot import reference
from bot.app.build import Product, product
from bot.app.progress import progress
from bot.app.watching import check_once
from bot.dispatch.policy import Identity
from bot.lake import CONTRACT_VERSION, Dataset, Lake, lake_root
from bot.lake.files import replacing
from bot.model.errors import BadSetting
from bot.model.timerange import TimeRange
from bot.settings import Policy, Settings

SEED = 7
EXISTS_SINCE = date(2025, 9, 1)
STRIDE = timedelta(days=60)
FILL_SECONDS = 600
LOG_MINUTES = 60
"""Log files of an hour instead of ten minutes: a month of the audit log is read in seconds."""
DOWNLOADS_A_MINUTE = 1_000_000
SECRET = "the demo keeps nothing secret"  # noqa: S105  # its own people wrote what it hashes
DIRECTORY = "demo-directory.csv"
ROLES = ("analyst", "investigator", "approver", "admin")


@asynccontextmanager
async def demo_workspace(settings: Settings, *, fresh: bool = False) -> AsyncIterator[Product]:
    """A product on demo data. State is shared by every call with the same folder."""
    folder = _made(demo_folder(settings), fresh=fresh)
    now = settings.clock()
    options = reference.Options(seed=SEED, now=now, log_minutes=LOG_MINUTES, unknown_client=True)
    async with reference.serve(options) as server:
        demo = demo_settings(settings, server, folder)
        await asyncio.to_thread(_write_directory, demo)
        await _fill(demo, server, now)
        async with product(demo, events_on_demand=True) as built:
            await check_once(built)
            yield built


def _made(folder: Path, *, fresh: bool) -> Path:
    """The folder, emptied when it shall be fresh; raises BadSetting where there can be none."""
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"PULSE_DEMO_DIR: {folder} cannot be made: {error.strerror}."
        raise BadSetting(reason, "Set PULSE_DEMO_DIR to a folder that can be written.") from None
    return folder


def demo_folder(settings: Settings) -> Path:
    """Where the demo's lake, state and signing key are."""
    return settings.demo_dir / f"seed-{SEED}-contract-{CONTRACT_VERSION}"


def demo_settings(settings: Settings, server: reference.Running, folder: Path) -> Settings:
    """The settings of the demo; what is set for answers (time zone, seats, rate, names or none) stays."""
    people = reference.demo_people(SEED)
    policy = {role: (people[role].email,) for role in ROLES}
    kept = settings.policy.model_dump(include={"per_person", "models_allowed"})
    return offline(settings, folder).model_copy(
        update={
            "api_base_url": server.base_url,
            "workspace_id": server.workspace_id,
            "analytics_api_key": SecretStr(server.analytics_key),
            "compliance_api_key": SecretStr(server.compliance_key),
            "compliance_downloads_a_minute": DOWNLOADS_A_MINUTE,
            "lake_url": str(folder / "lake"),
            "directory_file": settings.directory_file or folder / DIRECTORY,
            "policy": Policy.model_validate({**kept, **policy, "channels": {"C0PULSE002": "people"}}),
            "admins": (),
        }
    )


def offline(settings: Settings, folder: Path) -> Settings:
    """The settings of the demo that need no server: its state and its secret."""
    state_url = f"sqlite+aiosqlite:///{folder / 'state.db'}"
    return settings.model_copy(update={"state_url": state_url, "secret_key": SecretStr(SECRET)})


def demo_identity(role: str) -> Identity:
    """The well-known person of a role; a guest is nobody of the workspace."""
    if role == "guest":
        return Identity("U0GUEST", guest=True)
    person = reference.demo_people(SEED)[role]
    return Identity(f"U0{role.upper()}", person.email)


def demo_people() -> dict[str, str]:
    """The names of the well-known people by role."""
    return {role: person.name for role, person in reference.demo_people(SEED).items()}


def _write_directory(demo: Settings) -> None:
    """The teams of the demo's people, unless another directory is set."""
    path = demo.directory_file
    if path is None or path.name != DIRECTORY or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as out:
        out.write(reference.demo_directory(SEED).encode())


async def _fill(settings: Settings, server: reference.Running, now: datetime) -> None:
    """Sync with the clock stepped back, as an installation of that age would have done. Calls take turns."""
    lake = Lake(lake_root(settings.lake_url))
    async with AsyncFileLock(lake.root.parent / "fill.lock", timeout=FILL_SECONDS):
        for instant in _instants(now):
            if instant == now or not _held(lake, instant):
                await _sync_as_of(settings, server, instant)
    server.set_now(now)


async def _sync_as_of(settings: Settings, server: reference.Running, instant: datetime) -> None:
    server.set_now(instant)
    async with product(settings.model_copy(update={"now": instant})) as built:
        with progress(sys.stderr) as report:
            await built.sync.run(_since(instant), report)


def _since(instant: datetime) -> date:
    return max(EXISTS_SINCE, (instant - STRIDE - timedelta(days=8)).date())


def _held(lake: Lake, instant: datetime) -> bool:
    """True when an earlier call filled the days that this step would."""
    window = TimeRange(_since(instant), instant.date())
    return len(lake.held(Dataset.USAGE, window)) == window.day_count


def _instants(now: datetime) -> Iterator[datetime]:
    first = datetime.combine(EXISTS_SINCE, time(15), UTC) + STRIDE
    steps = []
    while first < now:
        steps.append(first)
        first += STRIDE
    return iter([*steps, now])
