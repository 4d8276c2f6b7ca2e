"""Every client id is one of the 43 of contract.md, c, typed in by hand; another only when asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.reference import Options

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
JETBRAINS = (
    "INTELLIJ_IDEA INTELLIJ_IDEA_COMMUNITY_EDITION INTELLIJ_IDEA_EDUCATIONAL_EDITION RUBYMINE PYCHARM "
    "PYCHARM_COMMUNITY_EDITION PYCHARM_EDUCATIONAL_EDITION DATASPELL PHPSTORM WEBSTORM APPCODE CLION "
    "DATAGRIP RIDER GOLAND ANDROID_STUDIO CLIENT GATEWAY FLEET_BACKEND AQUA RUSTROVER WRITERSIDE GITCLIENT "
    "MPS"
)
OTHERS = (
    "CLI SERVICE_EXEC SDK_TS GITHUB_ACTION IDE_VSCODE IDE_XCODE WEB CLOUD_GENERAL_AGENT SLACK DESKTOP_APP "
    "CHATGPT_DESKTOP ATLAS CHROME_EXTENSION_SIDE_PANEL WORK_WEB WORK_MOBILE WORK_DESKTOP FLORA GITHUB "
    "UNKNOWN_DEFAULT"
)
PUBLISHED = {f"CODEX_IDE_JETBRAINS_{name}" for name in JETBRAINS.split()}
PUBLISHED |= {f"CODEX_{name}" for name in OTHERS.split()}
UNPUBLISHED = {"CODEX_HOLOGRAM"}
# In the evening of this day a sub-type is told that no documentation knows.
EVENING = {"after": "2026-10-09T12:00:00Z", "before": "2026-10-10T12:00:00Z"}


async def in_usage(caller: Any) -> set[str]:
    rows = await caller.rows(limit=30_000) + await caller.rows(group="workspace")
    return {client["client_id"] for row in rows for client in row["clients"]}


async def in_logs(caller: Any) -> set[str]:
    page = await caller.compliance("logs", event_type="CODEX_LOG", **EVENING)
    names: set[str] = set()
    for entry in page["data"]:
        _, _, headers = await caller.raw(
            caller.compliance_url(f"logs/{entry['id']}"), caller.running.compliance_key
        )
        _, body, _ = await caller.raw(headers["Location"], None)
        names |= {json.loads(line)["client_id"] for line in body.splitlines() if line.strip()}
    return names


async def test_only_published_clients_are_named(served: Any) -> None:
    assert len(PUBLISHED) == 43
    async with served(Options(users=120, now=NOW)) as caller:
        assert await in_usage(caller) | await in_logs(caller) <= PUBLISHED


async def test_a_client_that_no_list_knows_is_named_when_asked_for(served: Any) -> None:
    async with served(Options(users=240, now=NOW, unknown_client=True)) as caller:
        assert await in_usage(caller) - PUBLISHED == UNPUBLISHED
        assert await in_logs(caller) - PUBLISHED == UNPUBLISHED
