from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pyarrow.parquet as pq
import pytest

from bot.lake import Dataset
from bot.model.chat import Asker, Level, Refusal, Reply
from tests.handlers.answering import person
from tests.handlers.demo import Demo
from tests.handlers.live import OTHERS, Live

DAYS = "2026-10-01..2026-10-20"


def rows(demo: Demo) -> list[dict[str, Any]]:
    lake = demo.lake()
    days = [day for day in lake.days(Dataset.EVENTS) if "2026-10-01" <= day.isoformat() <= "2026-10-20"]
    return [row for day in days for row in pq.ParquetFile(lake.path(Dataset.EVENTS, day)).read().to_pylist()]


async def report(live: Live, allowed: tuple[str, ...] = ()) -> Reply:
    deps = live.bot.dispatcher.deps
    deps = replace(deps, company=replace(deps.company, models_allowed=allowed))
    live.bot.dispatcher = replace(live.bot.dispatcher, deps=deps)
    answer = await live.bot.ask(f"audit report {DAYS}")
    assert isinstance(answer, Reply), answer
    return answer


def figures(reply: Reply) -> dict[str, float | None]:
    return {fact.key: fact.number for fact in reply.facts}


async def test_events_and_people_are_those_of_the_log(live: Live, demo: Demo) -> None:
    answer, held = await report(live), rows(demo)
    assert figures(answer)["events"] == len(held)
    assert figures(answer)["event_people"] == len({row["user_id"] for row in held} - {None})
    assert answer.table is not None
    told = {(row[0], row[1]): row[2] for row in answer.table.rows}
    assert told == Counter((row["type"], row["event_type"] or row["action"] or "not named") for row in held)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (DAYS, " in the audit log in 1–20 Oct 2026."),
        ("2026-09-02..2026-10-20", ", of which 29 days were read in full."),
        ("2026-09-02..2026-09-03", "The audit log holds no event in 2–3 Sep 2026, not read in full."),
    ],
)
async def test_days_that_were_not_read_are_told_in_the_first_sentence(
    live: Live, window: str, said: str
) -> None:
    answer = await live.bot.ask(f"audit report {window}")
    assert isinstance(answer, Reply), answer
    first = answer.text.partition("\n")[0]
    assert said in first
    assert ("read in full" in first) == bool(answer.footer.missing_days)


async def test_tokens_and_networks_are_counted_in_the_window(live: Live, demo: Demo) -> None:
    answer, held = await report(live), rows(demo)
    created = {row["token_id"] for row in held if row["event_type"] == "ACCESS_TOKEN_CREATED"}
    created |= {row["token_id"] for row in held if row["action"] == "PERSONAL_ACCESS_TOKEN_CREATE"}
    assert figures(answer)["tokens_created"] == len(created) > 0
    opened = [
        row for row in held if row["network_after"] in ("on", "full", "true", "enabled", "unrestricted")
    ]
    assert figures(answer)["networks_opened"] == len(opened) == 2
    assert "Network access was opened 2 times: environment " in answer.text


async def test_a_model_that_is_not_allowed_is_named_with_its_use(live: Live, demo: Demo) -> None:
    used = Counter(row["model"] for row in rows(demo) if row["model"])
    (first, events), *others = used.most_common()
    answer = await report(live, tuple(model.upper() for model, _ in others))
    assert f"Used and not among `policy.models_allowed`: {first} ({events:,} events of " in answer.text
    assert figures(answer)["models_outside"] == 1


async def test_allowed_models_are_fine_and_without_a_list_none_is_judged(live: Live, demo: Demo) -> None:
    answer = await report(live, tuple({row["model"] for row in rows(demo) if row["model"]}))
    assert "Every model used is among" in answer.text
    assert figures(answer)["models_outside"] == 0
    answer = await report(live)
    assert "so no model is judged" in answer.text
    assert figures(answer)["models_outside"] is None


async def test_an_admin_may_read_it_by_direct_message(live: Live) -> None:
    answer = await live.bot.ask("audit report 7d", asker=person(Level.ADMIN))
    assert isinstance(answer, Reply)
    assert answer.dm_only


@pytest.mark.parametrize("other", [each for each in OTHERS if Level.ADMIN not in each.levels])
async def test_nobody_else_may(live: Live, other: Asker) -> None:
    assert isinstance(await live.bot.ask("audit report 7d", asker=other), Refusal)
